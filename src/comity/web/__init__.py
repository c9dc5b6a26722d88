"""The pages of a node: server-rendered, in English and Chinese, working without JavaScript. Border: `urls.py`."""
