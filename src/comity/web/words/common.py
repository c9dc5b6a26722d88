"""Words that stand on every page: masthead, navigation, footer, errors, signing in."""

from comity.core.text import Text

product = Text("comity", "comity")
tagline = Text("Two authorities, one record", "双方机关，同一记录")
skip = Text("Skip to main content", "跳至主要内容")
menu = Text("Menu", "菜单")
service = Text("Navigation and time", "导航与时间")
language = Text("Language", "语言")
between = Text("Authorities of this agreement", "本协议双方机关")
and_word = Text("and", "与")
own_side = Text("this authority", "本方")
time_now = Text("Time now", "当前时间")
signed_in_as = Text("Signed in as", "当前用户")
sign_out = Text("Sign out", "退出登录")
sign_in = Text("Sign in", "登录")
sign_in_lead = Text(
    "For officers of this authority only. Every reading and every change of a case is recorded.",
    "仅限本机关工作人员使用。对案件的每次查阅和变更均予记录。",
)
user_name = Text("User name", "用户名")
password = Text("Password", "密码")
show = Text("Show", "显示")
hide = Text("Hide", "隐藏")
show_password = Text("Show password", "显示密码")
hide_password = Text("Hide password", "隐藏密码")
password_shown = Text("Your password is visible", "密码已显示")
password_hidden = Text("Your password is hidden", "密码已隐藏")
sign_in_failed = Text(
    "The user name or the password is not right.",
    "用户名或密码不正确。",
)
sign_in_failed_mend = Text(
    "Check both and try again. After several failures the account is closed for a while; your "
    "administrator can open it.",
    "请核对后重试。多次失败后账户将暂时锁定，可由系统管理员解除。",
)
locked = Text("This account is closed for a while", "账户已暂时锁定")
locked_text = Text(
    "There were too many failed attempts. Wait a quarter of an hour, or ask your administrator to open the account.",
    "登录失败次数过多。请一刻钟后再试，或联系系统管理员解除锁定。",
)
signed_out = Text("You have signed out.", "您已退出登录。")

nav_work = Text("My work", "我的工作")
nav_new = Text("New case", "新建案件")
nav_approvals = Text("Approvals", "审批")
nav_search = Text("Search", "检索")
nav_agreement = Text("Agreement", "协议")
nav_scorecard = Text("Scorecard", "计分表")
nav_link = Text("Link", "线路")
nav_workload = Text("Workload", "工作量")
nav_audit = Text("Audit", "审计")
waiting_count = Text("{n} waiting", "{n} 项待处理")

agreement_in_force = Text("Agreement in force", "现行协议")
footer_times = Text(
    "Dates and times are shown for both authorities. Neither language is a translation of the other.",
    "日期与时间按双方时区显示。中英文本同为正本，互不为译文。",
)
footer_record = Text(
    "This node keeps this authority's own record. Nothing leaves it without an officer's decision.",
    "本节点保存本机关自己的记录。未经工作人员决定，任何内容不对外发出。",
)
back = Text("Back", "返回")
back_to_case = Text("Back to the case", "返回案件")
back_to_work = Text("Back to my work", "返回我的工作")
none = Text("None", "无")
print_page = Text("Print this page", "打印本页")
previous = Text("Previous", "上一页")
next = Text("Next", "下一页")
pages_label = Text("Pages of results", "结果分页")
page_n = Text("Page {n} of {of}", "第 {n} 页，共 {of} 页")
there_is_a_problem = Text("There is a problem", "存在以下问题")
error_prefix = Text("Error:", "错误：")
what_to_do = Text("What to do", "处理办法")
refused = Text("This was not done", "操作未完成")

english = Text("English", "英文")
chinese = Text("Chinese", "中文")

not_found_title = Text("Page not found", "未找到页面")
not_found_text = Text(
    "There is nothing at this address, or it is not among the cases you work on.",
    "此地址没有内容，或该内容不在您经办的案件范围内。",
)
not_found_mend = Text(
    "Check the address. If you were given a case number, ask a supervisor to assign the case to you.",
    "请核对地址。如您持有案件编号，请联系主管人员将案件指派给您。",
)
forbidden_title = Text("You may not do this", "您无权进行此操作")
forbidden_text = Text(
    "Your role does not include this action, or the page was open for too long. Nothing was changed.",
    "您的角色不包含此项权限，或页面打开时间过长。未作任何更改。",
)
too_large_title = Text("What you sent is too large", "提交的内容过大")
too_large_text = Text(
    "The file or text is larger than this node takes in one go. Nothing of it was kept.",
    "文件或文字超过本节点单次可接收的上限，未予保存。",
)
broken_title = Text("Something went wrong here", "系统出现故障")
broken_text = Text(
    "The fault is in this node, not in what you did. What you had saved is safe; it has been recorded "
    "for the administrator.",
    "故障出在本节点，并非您的操作所致。已保存的内容不受影响，故障已记录并通知系统管理员。",
)
busy_title = Text("This node takes nothing new at the moment", "本节点暂不接收新内容")
busy_text = Text(
    "You can read everything. Saving and sending will work again by themselves when the cause is removed.",
    "目前仍可查阅全部内容。原因消除后，保存和发出功能将自动恢复。",
)
read_only_banner = Text(
    "Reading only: this node is fetching its own earlier entries back from the other authority. Nothing "
    "can be sent until it is done.",
    "仅供查阅：本节点正从对方取回自己此前的登记项，完成前不能发出任何内容。",
)
hold_banner = Text(
    "On hold: the two records contradict each other. Nothing is sent or taken in until an officer has "
    "looked into it.",
    "已暂停：双方记录相互矛盾。在工作人员查明之前，不发出也不接收任何内容。",
)
no_agreement = Text("No agreement is installed yet", "尚未安装协议")
no_agreement_text = Text(
    "An administrator installs the signed agreement with: comity agreement add FILE.",
    "由系统管理员安装已签署的协议：comity agreement add FILE。",
)
