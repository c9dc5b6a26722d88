"""Words of question pages, the check of what is missing, the preview, and sending."""

from comity.core.text import Text

new_case = Text("New case", "新建案件")
new_lead = Text("What is the case about?", "案件属于哪一合作事项？")
new_with = Text("With {who}", "对方：{who}")
new_start = Text("Begin", "开始")
new_started = Text("A draft was begun. Everything you type is kept.", "已建立草稿，填写内容将予保存。")
bulk_hint = Text(
    "To open many cases from a spreadsheet, use: comity case open {track} --file applications.xlsx",
    "如需从表格批量立案，请使用命令：comity case open {track} --file applications.xlsx",
)

draft_of = Text("Draft: {step}", "草稿：{step}")
tasks = Text("Sections", "填写项目")
task_done = Text("Complete", "已完成")
task_todo = Text("To do", "未填写")
task_partly = Text("Not complete", "未填完")
task_wrong = Text("Needs attention", "需要更正")
task_optional = Text("Optional", "选填")
task_blocked = Text("Stops the step", "阻止办理")
details = Text("Particulars", "内容")
safeguards = Text("Safeguards", "保障措施")
safeguards_lead = Text(
    "The law asks these questions before anything leaves this authority. Your answers, with your "
    "officer’s number, are part of what the other authority sees.",
    "在任何内容发出之前，法律要求先行答复下列问题。您的答复及经办人代号将作为内容的一部分为对方所见。",
)
attachments = Text("Attachments", "附件")
attachments_lead = Text(
    "Files are sent sealed, in parts, and checked by their digest on arrival. The original is never changed.",
    "文件加密分块发送，送达后按摘要值核验，原件不作任何改动。",
)
attachments_required = Text("At least one document must be attached.", "须至少随附一份文件。")
choose_file = Text("Add a file", "添加文件")
upload = Text("Upload", "上传")
remove = Text("Remove", "移除")
no_file_chosen = Text("Choose a file first.", "请先选择文件。")
no_files = Text("Nothing is attached yet.", "尚未添加附件。")
size = Text("Size", "大小")
file = Text("File", "文件")
digest = Text("Digest (SHA-256)", "摘要值（SHA-256）")

why_we_ask = Text("Why we ask", "为何询问")
source = Text("Source", "依据")
reason = Text("Reason", "理由")
reason_hint = Text("At least 10 characters. The other authority reads it.", "至少 10 个字符，对方将会看到。")
answer_blocks = Text("With this answer the step cannot be taken.", "选择此项将不能办理该步骤。")
add_another = Text("Add another: {title}", "添加一项：{title}")
save_continue = Text("Save and continue", "保存并继续")
save_leave = Text("Save and come back later", "保存，稍后继续")
saved = Text("Saved.", "已保存。")
saved_wrong = Text(
    "What you typed is saved. Some of it needs attention before it can be sent.",
    "填写内容已保存，其中部分内容须更正后方可发出。",
)
step_of = Text("Section {n} of {of}", "第 {n} 部分，共 {of} 部分")

check_title = Text("Check before it leaves", "发出前核对")
missing_count = Text("{n} things keep this from leaving", "尚有 {n} 项事宜需处理")
missing_one = Text("1 thing keeps this from leaving", "尚有 1 项事宜需处理")
nothing_missing = Text("Nothing is missing. It can leave.", "内容齐备，可以发出。")
change = Text("Change", "修改")
preview_title = Text("What the other authority will see", "对方将看到的内容")
preview_lead = Text(
    "Exactly this, in their own language, and nothing else. Notes, drafts and names of our officers stay "
    "here.",
    "对方将以其自身语言看到以下全部内容，别无其他。内部备注、草稿及本方人员姓名均不发出。",
)
digest_of_this = Text("Digest of exactly this", "以上内容的摘要值")
ask_approval = Text("Ask for approval", "提交审批")
ask_approval_what = Text(
    "Another officer reads exactly this and lets it leave, or sends it back to you.",
    "另一名工作人员将审阅以上内容，批准发出或退回给您。",
)
send_now = Text("Send", "发出")
send_what = Text(
    "It is written into the record and goes to {who}. You can recall it for {n} seconds.",
    "内容将登记入册并发往{who}。{n} 秒内可以撤回。",
)
send_what_now = Text(
    "It is written into the record and goes to {who}. It cannot be taken back.",
    "内容将登记入册并发往{who}，不可撤回。",
)
withdraw_draft = Text("Discard this draft", "放弃此草稿")
awaiting = Text("Waiting for approval", "待审批")
awaiting_lead = Text("Another officer must read and approve it.", "须由另一名工作人员审阅批准。")
edit_voids = Text(
    "If you change anything now, approvals already given lapse.", "如现在修改，已作出的批准即告失效。"
)
leaving_title = Text("About to leave", "即将发出")
recall = Text("Recall it", "撤回")
sent_back = Text("Sent back", "已退回")
blocked_title = Text("This step may not be taken as things stand", "依现有情况不得办理此步骤")
officer_code = Text("Officer {name}", "经办人 {name}")
sent_by = Text("From: {who}", "发送方：{who}")
