"""Words of the case page: what it is about, where it stands, what may be done, what has been said."""

from comity.core.text import Text

case_number = Text("Case number", "案件编号")
erased_title = Text("Particulars erased", "内容已删除")
requesting = Text("Requesting authority", "请求方")
responding = Text("Responding authority", "被请求方")
opened = Text("Opened", "立案时间")
track = Text("Track", "合作事项")
terms = Text("Terms", "适用协议")
unit = Text("Held by", "主办部门")
on_hold = Text("On hold", "已暂停")
ended = Text("Ended", "已结案")
your_move = Text("Our move", "待本方办理")
their_move = Text("Their move", "待对方办理")
hold_explained = Text(
    "The case is on hold. No further step can be taken and its clocks stand still until the authority "
    "that placed the hold releases it.",
    "本案已暂停办理。作出暂停的一方解除之前，不得作出后续步骤，期限停止计算。",
)
ended_explained = Text("This case has ended. Its record stays as it is.", "本案已结，记录保持原状。")

chart_title = Text("Where the case stands", "案件所处阶段")
chart_caption = Text("State chart of this track", "本合作事项状态图")
chart_current = Text("now", "当前状态")
chart_past = Text("passed", "已经过")
chart_mover = Text("· next step: {who}", "· 下一步：{who}")
chart_way = Text("{step} → {to}", "{step} → {to}")

next_title = Text("What can be done now", "现可办理的步骤")
next_waiting = Text(
    "The next step belongs to {who}. You can still do the following at any time.",
    "下一步由{who}办理。您仍可随时办理以下事项。",
)
next_none = Text("Your role takes no steps in this case.", "您的角色不在本案中办理步骤。")
next_anytime = Text("At any time", "随时可办")
next_stop = Text("Pause or end the case", "暂停或终结案件")
next_stop_lead = Text(
    "These act on both authorities at once. Use them when the law or the person’s situation demands it.",
    "以下操作即刻对双方生效，仅在法律或当事人情况要求时使用。",
)
start_step = Text("Start", "开始办理")
continue_step = Text("Continue draft", "继续草稿")
needs_approval = Text("Needs another officer’s approval", "须经另一名工作人员批准")
needs_approvals = Text("Needs the approval of {n} other officers", "须经另外 {n} 名工作人员批准")
needs_safeguards = Text("{n} safeguards to answer", "须答复 {n} 项保障措施")
needs_safeguard = Text("1 safeguard to answer", "须答复 1 项保障措施")
needs_attachment = Text("A document must be attached", "须随附文件")

summary = Text("Particulars", "案件要素")
full_record = Text("All particulars given", "全部已提供内容")

timeline = Text("Record of both authorities", "双方记录")
timeline_lead = Text(
    "Every entry of both authorities, newest first. The same entries stand on both nodes.",
    "双方全部登记项，按时间由新到旧排列。双方节点所载登记项相同。",
)
by_us = Text("{who} (us)", "{who}（本方）")
sent = Text("Sent", "已发出")
received = Text("Received", "已签收")
acted = Text("Acted on", "已办理")
not_sent_yet = Text("Not sent yet", "尚未送出")
not_received_yet = Text("Not received yet", "尚未签收")
not_acted_yet = Text("Not acted on yet", "尚未办理")
marks_label = Text("How far this entry has come", "该登记项的进展")
no_effect = Text("Without effect", "无效力")
no_effect_because = Text(
    "This entry is kept, but has no effect: {why}", "该登记项予以保留，但不产生效力：{why}"
)
form_fault = Text("Part of what it says does not follow the agreed form.", "其部分内容不符合约定格式。")
entry_no = Text("Entry {n} of {who}’s log", "{who}日志第 {n} 项")
by_officer = Text("by officer {name}", "经办人代号 {name}")
approved_by = Text("approved by {names}", "批准人代号 {names}")
content_erased = Text(
    "The content was erased under the retention plan; the entry still verifies.",
    "内容已按保存期限删除；该登记项仍可核验。",
)

deadlines = Text("Deadlines", "期限")
no_deadlines = Text("No deadline is running in this case.", "本案没有进行中的期限。")
why_this_date = Text("Why this date?", "为何是这一日期？")
why_no_date = Text("Why is there no date?", "为何没有日期？")
why_clause = Text("Clause", "依据条款")
why_owner = Text("Whose deadline", "责任方")
why_start = Text("Runs from", "起算")
why_limit = Text("Agreed time", "约定期限")
why_no_limit = Text("none: measured only", "未约定，仅计时")
why_pauses = Text("Stood still", "中止计算")
why_no_pauses = Text("Never", "无")
why_calendar = Text("Calendar used", "所用日历")
why_calendar_none = Text("Every day counts", "按自然日计算")
why_zone = Text("Time zone", "时区")
why_due = Text("Due", "届满")
from_to = Text("{a} to {b}", "{a}至{b}")
since = Text("since {a}", "自{a}起")
history = Text("Earlier deadlines", "既往期限")

attachments = Text("Attachments", "附件")
no_attachments = Text("No attachments.", "无附件。")
attachment_n = Text("Document {n}", "文件 {n}")
sha = Text("SHA-256", "SHA-256")
held_here = Text("Complete and checked", "已完整接收并核验")
arriving = Text("Arriving: {have} of {all} parts", "接收中：{have}／{all} 块")
delivered = Text("Delivered to the other authority", "已送达对方")
waiting_transfer = Text("Waiting to be sent", "等待发送")
transfer_fault = Text("The transfer failed: {why}", "传送失败：{why}")

safeguards = Text("Safeguards answered", "已答复的保障措施")
answered_by = Text("Answered by officer {name}", "答复人代号 {name}")
in_step = Text("in “{step}”", "见“{step}”")

people = Text("On our side", "本方承办")
nobody_assigned = Text("Nobody is assigned.", "尚未指派承办人员。")
take_up = Text("Take it on", "由我承办")
assign = Text("Assign", "指派")
assign_to = Text("Assign to", "指派给")
unassign = Text("Remove {who}", "取消指派 {who}")
notes = Text("Internal notes", "内部备注")
notes_lead = Text("Never leave this node.", "仅存于本节点，不对外发出。")
add_note = Text("Add a note", "添加备注")
note_label = Text("Internal note", "内部备注")
save_note = Text("Save the note", "保存备注")
note_saved = Text("The note was saved.", "备注已保存。")
assigned_done = Text("The case was assigned to {who}.", "已将案件指派给 {who}。")
unassigned_done = Text("The case was taken off the desk of {who}.", "已取消 {who} 的承办。")

who_saw = Text("Who saw this case", "查阅记录")
who_saw_lead = Text("Officers of this authority who opened it.", "本机关查阅过本案的人员。")
once = Text("once", "1 次")
n_times = Text("{n} times", "{n} 次")

sent_now = Text("“{step}” is in the record and on its way to {who}.", "“{step}”已登记并正在发往{who}。")
leaves_soon = Text(
    "“{step}” leaves in {n} seconds. Until then you can recall it.",
    "“{step}”将在 {n} 秒后发出，在此之前可以撤回。",
)
asked_approval = Text(
    "“{step}” now waits for another officer’s approval.", "“{step}”已提交，待另一名工作人员批准。"
)
recalled = Text("Recalled. Nothing was sent.", "已撤回，未发出任何内容。")
draft_gone = Text("The draft was withdrawn. Nothing was sent.", "草稿已撤回，未发出任何内容。")
no_unit = Text("no unit yet", "尚未确定")
hold_placed = Text("Put on hold by {who}", "{who}已暂停办理")
