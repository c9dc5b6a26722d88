"""Words of the lists: my work, approvals, search, workload; and the words a clock is read in."""

from comity.core.text import Text

title = Text("My work", "我的工作")
lead = Text("{day}. Nearest deadline first.", "{day}。按最近期限排列。")
waiting_on_us = Text("Waiting on us", "待本方办理")
waiting_on_us_lead = Text("The next step is ours.", "下一步由本方办理。")
waiting_on_them = Text("Waiting on them", "待对方办理")
waiting_on_them_lead = Text("The next step is the other authority's.", "下一步由对方办理。")
figure_overdue = Text("Overdue on our side", "本方已逾期")
figure_week = Text("Due within 7 days", "七日内到期")
figure_us = Text("Waiting on us", "待本方办理")
figure_them = Text("Waiting on them", "待对方办理")
figure_approve = Text("For you to approve", "待您审批")
figure_drafts = Text("Your open drafts", "您的未完成草稿")
col_case = Text("Case", "案件")
col_person = Text("Person or matter", "人员或事项")
col_state = Text("State", "状态")
col_clock = Text("Nearest deadline", "最近期限")
col_updated = Text("Last entry", "最近登记")
on_hold = Text("On hold", "已暂停")
no_deadline = Text("No deadline running", "无进行中的期限")
nothing_us = Text("Nothing is waiting on us.", "目前没有待本方办理的案件。")
nothing_them = Text("Nothing is waiting on them.", "目前没有待对方办理的案件。")
nothing_us_hint = Text("Cases appear here when the next step is ours.", "轮到本方办理时，案件将显示于此。")
all_cases = Text("All {n} cases", "全部 {n} 件案件")
open_only = Text("Open cases", "未结案件")
ended_only = Text("Ended cases", "已结案件")
my_drafts = Text("Not sent yet", "尚未发出")
my_drafts_lead = Text("What you have begun and what waits for approval.", "您起草中的内容及待审批的内容。")
draft_new_case = Text("New case", "新案件")
draft_sent_back = Text("Sent back: {reason}", "已退回：{reason}")

clock_overdue = Text("overdue by {n}", "已逾期 {n}")
clock_due_in = Text("due in {n}", "还剩 {n}")
clock_kept = Text("kept, {n} to spare", "按期完成，提前 {n}")
clock_kept_plain = Text("kept", "按期完成")
clock_late = Text("done {n} late", "逾期 {n} 完成")
clock_paused = Text("paused", "已中止计算")
clock_measured = Text("{n} so far, no limit", "已历时 {n}，不设限期")
clock_measured_done = Text("took {n}, no limit", "历时 {n}，不设限期")
clock_notice = Text("the notice runs", "通知期进行中")
clock_notice_over = Text("the notice has been given in time", "通知期已满")
clock_short = Text("{n} too early: the notice was too short", "提前 {n}：通知期不足")
clock_lapsed = Text("no longer needed: the case has ended", "案件已终结，不再适用")
clock_answered = Text("done; receipt awaited", "已办理，待对方签收")
amount = Text("{n} {unit}", "{n} {unit}")
with_reason = Text("{span}: {why}", "{span}：{why}")
day_and_time = Text("{day}, {time}", "{day} {time}")
owner_us = Text("Our deadline", "本方期限")
owner_them = Text("Their deadline", "对方期限")
one_day = Text("1 day", "1 日")
n_days = Text("{n} days", "{n} 日")
one_hour = Text("1 hour", "1 小时")
n_hours = Text("{n} hours", "{n} 小时")
one_minute = Text("1 minute", "1 分钟")
n_minutes = Text("{n} minutes", "{n} 分钟")
under_minute = Text("less than a minute", "不足一分钟")

approvals_title = Text("Approvals", "审批")
approvals_lead = Text(
    "Each of these leaves this authority only after another officer than its author has read it and agreed. "
    "Your approval is bound to the digest shown: if a single character is changed, it lapses.",
    "下列内容须经作者以外的工作人员审阅同意后方可发出。您的批准与所示摘要值绑定：内容如有一字变动，"
    "批准即失效。",
)
approvals_none = Text("Nothing waits for your approval.", "没有待您审批的内容。")
approval_of = Text("{step}, written by {author}", "{step}，起草人 {author}")
approval_asked = Text("Asked", "提交时间")
approval_read = Text("Read and decide", "审阅并决定")
approve = Text("Approve and let it leave", "批准并发出")
approve_what = Text(
    "Approving sends exactly what is shown here, under the digest above. It can be recalled for {n} "
    "seconds, then never.",
    "批准后将按上述摘要值原样发出此处所示内容。{n} 秒内可以撤回，之后不可撤回。",
)
approve_confirm = Text("I have read what the other authority will see", "本人已审阅对方将看到的全部内容")
reject = Text("Send back", "退回")
reject_reason = Text("Why do you send it back?", "退回理由")
reject_hint = Text("The author reads this. It does not leave the node.", "供起草人查看，不对外发出。")
approved_done = Text("Approved. It leaves this authority now.", "已批准，正在发出。")
rejected_done = Text("Sent back to its author.", "已退回起草人。")
own_draft = Text(
    "You wrote or edited this, so another officer must approve it.",
    "此内容由您起草或修改，须由其他工作人员审批。",
)
bundle_of = Text("{n} cases from the file {file}", "文件 {file} 所载 {n} 件案件")

search_title = Text("Search", "检索")
search_label = Text("Name, number or case", "姓名、号码或案件编号")
search_hint = Text(
    "Chinese characters, pinyin with or without spaces, either order of names, document and case numbers.",
    "可输入汉字、拼音（空格不限）、不同姓名顺序、证件号码及案件编号。",
)
search_button = Text("Search", "检索")
search_found = Text("{n} cases found for “{q}”", "“{q}”共检索到 {n} 件案件")
search_found_one = Text("1 case found for “{q}”", "“{q}”共检索到 1 件案件")
search_none = Text("No case you may read matches “{q}”.", "在您可查阅的案件中，没有与“{q}”相符的结果。")
search_none_hint = Text(
    "Try fewer words, another order of the name, or part of a number.",
    "请减少检索词、调换姓名顺序，或仅输入号码的一部分。",
)
search_recorded = Text("Searches are recorded.", "检索行为予以记录。")

workload_title = Text("Workload", "工作量")
workload_lead = Text(
    "Open cases of {unit} by how long they have been open.", "{unit}未结案件，按立案时长划分。"
)
workload_officer = Text("Officer", "承办人员")
workload_unassigned = Text("Not assigned", "未指派")
workload_total = Text("Open", "未结")
workload_overdue = Text("Overdue", "逾期")
workload_chart = Text("Open cases of each officer by age", "各承办人员未结案件按时长分布")
reassign_lead = Text("Assign cases", "指派案件")
reassign_to = Text("Assign the chosen cases to", "将所选案件指派给")
reassign_choose = Text("Choose {case}", "选择 {case}")
reassigned = Text("{n} cases assigned to {officer}.", "已将 {n} 件案件指派给 {officer}。")
reassign_clock = Text("Assigning a case never moves its clocks.", "指派案件不影响期限计算。")
oldest_first = Text("Oldest first", "按立案时间由早到晚排列")
col_age = Text("Open for", "立案时长")
col_assigned = Text("Assigned to", "承办人员")
whole_node = Text("the whole node", "本节点")
of_which_overdue = Text("{n} overdue", "逾期 {n} 件")
reassign_button = Text("Assign the chosen cases", "指派所选案件")
open_days = Text("{n} days", "{n} 日")
as_table = Text("The same as a table", "表格形式")
