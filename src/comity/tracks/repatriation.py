"""Repatriation: from an application, through verification and the travel document, to the return (mission row 5).

Declarations only. Fields follow the application form annexed to EU readmission agreements (EC–Sri Lanka, Annex 5);
evidence is *proof* or *prima facie* as in its Arts. 8 and 9. Nothing here makes silence consent: every way out of a state
is a step somebody took and signed.
"""

from __future__ import annotations

from comity.core.text import Text
from comity.core.track import (
    ENDS,
    REQUESTING,
    RESPONDING,
    Answer,
    Deadline,
    Field,
    Measure,
    Safeguard,
    Source,
    State,
    Step,
    Track,
)
from comity.core.types import Code, Codes, Count, Date, FreeText, Moment, ShortText, YesNo
from comity.tracks.bodies.common import (
    ANSWER,
    CASE_RECORD,
    NO_BLOCKS,
    NOTE,
    QUESTION,
    STATUS_REPORT,
    YES,
    hold_and_release,
)
from comity.tracks.bodies.person import (
    BASIS,
    DOCUMENT_FIELDS,
    DOCUMENTS,
    FAMILY_FIELDS,
    GROUPS,
    IDENTITY_FIELDS,
    NEEDS,
)

KEPT = CASE_RECORD.name
READMISSION = "Agreement between the European Community and Sri Lanka on readmission (OJ L 124, 17.5.2005)"
DIALOGUE = Source(
    "First Law Enforcement and Cybersecurity Dialogue, Washington, 4 October 2017, outcome on repatriation"
)

EVIDENCE = (
    ("proof", Text("proof of nationality", "国籍证明")),
    ("prima_facie", Text("prima facie evidence of nationality", "国籍初步证据")),
    ("none", Text("no document: an interview is asked for", "无证件：请求安排面谈")),
)
HOLD_REASONS = (
    ("appeal_pending", Text("an appeal or a stay of removal is pending", "上诉或暂缓遣送程序未决")),
    ("protection_claim", Text("an asylum or non-refoulement claim is pending", "庇护或不推回申请未决")),
    ("unaccompanied_minor", Text("an unaccompanied minor", "无人陪伴的未成年人")),
    ("medical", Text("the person’s state of health", "健康原因")),
    ("stateless_doubt", Text("doubt whether the person is stateless", "疑为无国籍人")),
    ("wrong_person", Text("doubt whether this is the right person", "疑为身份有误")),
    ("other", Text("another reason", "其他事由")),
)
RELEASE_GROUNDS = (
    ("decided", Text("a court or authority has decided finally", "法院或主管机关已作出终局决定")),
    ("withdrawn", Text("the claim or appeal was withdrawn by the person", "当事人撤回申请或上诉")),
    ("arranged", Text("arrangements for the person are made", "已为当事人作出妥善安排")),
    ("cleared", Text("the doubt was cleared up", "疑点已查清")),
    ("fit", Text("a physician found the person fit to travel", "经医师认定适宜旅行")),
    ("other", Text("another ground", "其他依据")),
)
UNVERIFIED_REASONS = (
    ("no_record", Text("no record of the person was found", "未查到该人记录")),
    ("records_differ", Text("records and application do not agree", "记录与申请内容不符")),
    ("too_little", Text("the particulars are not enough", "所提供信息不足")),
    ("no_interview", Text("the interview could not be held", "面谈未能进行")),
    ("false_document", Text("a document is false or altered", "证件系伪造或变造")),
    ("other", Text("another reason", "其他原因")),
)
NOT_NATIONAL_REASONS = (
    ("other_nationality", Text("holds another nationality", "具有他国国籍")),
    ("nationality_lost", Text("lost or renounced the nationality", "已丧失或退出国籍")),
    ("never_national", Text("never held the nationality", "从未具有该国国籍")),
)
TRANSFER_FAILURES = (
    ("legal_bar", Text("a legal bar arose", "出现法律障碍")),
    ("medical", Text("the person was not fit to travel", "不适宜旅行")),
    ("refused_boarding", Text("the carrier refused to carry the person", "承运人拒绝承运")),
    ("resistance", Text("the removal was broken off to avoid force", "为避免使用强制力而中止")),
    ("absconded", Text("the person could not be found", "当事人下落不明")),
    ("operational", Text("flight or escorts were not available", "航班或押送安排未落实")),
    ("other", Text("another reason", "其他原因")),
)

SAFEGUARDS = (
    Safeguard(
        "final_order",
        Text(
            "Is there an order of removal that is final and enforceable, and is it attached?",
            "是否存在已生效且可执行的遣送决定，并已随附？",
        ),
        Source("Directive 2008/115/EC Art. 6 and Art. 12(1); 8 U.S.C. § 1101(a)(47)"),
        (YES, NO_BLOCKS),
    ),
    Safeguard(
        "no_claim_pending",
        Text(
            "Is any asylum or protection claim, appeal or stay pending?",
            "是否有未决的庇护或保护申请、上诉或暂缓执行程序？",
        ),
        Source("Convention relating to the Status of Refugees 1951, Arts. 32 and 33; ICCPR Art. 13"),
        (
            Answer("none", Text("None is pending", "均无未决")),
            Answer("pending", Text("One is pending", "有未决程序"), blocks=True),
            Answer("not_known", Text("Not established", "尚未查明"), blocks=True),
        ),
    ),
    Safeguard(
        "minor",
        Text(
            "Is the person under 18, and if so, are guardian and reception arranged?",
            "当事人是否未满十八周岁？如是，监护及接收是否已作安排？",
        ),
        Source("Convention on the Rights of the Child, Arts. 3 and 20; Directive 2008/115/EC Art. 10"),
        (
            Answer("adult", Text("An adult", "成年人"), adult=True),
            Answer(
                "minor_arranged",
                Text("A minor, with guardian and reception arranged", "未成年人，监护及接收已作安排"),
                needs_reason=True,
            ),
            Answer(
                "minor_alone",
                Text("A minor without such arrangements", "未成年人，未作上述安排"),
                blocks=True,
            ),
            Answer("age_doubtful", Text("The age is in doubt", "年龄存疑"), blocks=True),
        ),
    ),
    Safeguard(
        "non_refoulement",
        Text(
            "Are there substantial grounds for believing that the person would be in danger of torture, ill-treatment "
            "or persecution on return?",
            "是否有充分理由认为当事人返回后有遭受酷刑、虐待或迫害的危险？",
        ),
        Source("Convention against Torture Art. 3; Refugee Convention 1951 Art. 33; ICCPR Art. 7"),
        (
            Answer("no_grounds", Text("Examined: no such grounds", "经审查：无此理由"), needs_reason=True),
            Answer("grounds", Text("Such grounds exist", "存在此类理由"), blocks=True),
            Answer("not_examined", Text("Not examined", "未经审查"), blocks=True),
        ),
        named_officer=True,
    ),
    Safeguard(
        "fit_to_travel",
        Text(
            "Is the person fit to travel, with the care he needs on the way and on arrival?",
            "当事人是否适宜旅行，途中及抵达后所需照料是否已作安排？",
        ),
        Source("Directive 2008/115/EC Art. 5(c) and Art. 9(2)(a)"),
        (
            YES,
            Answer(
                "needs_arranged", Text("Yes, with the care arranged", "是，所需照料已安排"), needs_reason=True
            ),
            NO_BLOCKS,
        ),
    ),
)
LEGAL_STATUS = ("final_order", "no_claim_pending", "minor", "non_refoulement")

STATES = (
    State("requested", Text("Verification under way", "身份核实中"), RESPONDING,
          hint=Text("The responding authority verifies identity and nationality.", "被请求方核实身份及国籍。")),
    State("incomplete", Text("Returned for completion", "退回补正"), REQUESTING,
          hint=Text("The requesting authority completes the application.", "请求方补正申请材料。")),
    State("interview", Text("Interview arranged", "已安排面谈"), RESPONDING,
          hint=Text("The responding authority reports on the interview.", "被请求方通报面谈情况。")),
    State("unverified", Text("Could not be verified", "未能核实"), REQUESTING,
          hint=Text("The requesting authority gives more, or closes.", "请求方补充材料或结案。")),
    State("verified", Text("Identity verified", "身份已核实"), RESPONDING,
          hint=Text("The responding authority issues the travel document.", "被请求方签发旅行证件。")),
    State("document_issued", Text("Travel document issued", "旅行证件已签发"), REQUESTING,
          hint=Text("The requesting authority arranges the transfer.", "请求方安排移交。")),
    State("reissue_asked", Text("New document asked for", "请求重新签发"), RESPONDING,
          hint=Text("The responding authority issues a new document.", "被请求方重新签发证件。")),
    State("transfer_notified", Text("Transfer notified", "已通知移交"), REQUESTING,
          hint=Text("The requesting authority carries the transfer out.", "请求方实施移交。")),
    State("carried_out", Text("Transfer carried out", "移交已实施"), RESPONDING,
          hint=Text("The responding authority confirms the arrival.", "被请求方确认抵达。")),
    State("returned", Text("Arrival confirmed", "已确认抵达"), None, final=True),
    State("not_national", Text("Not a national", "非本国国民"), None, final=True),
    State("closed_unverified", Text("Closed without verification", "未核实结案"), None, final=True),
    State("withdrawn", Text("Withdrawn", "已撤回"), None, final=True),
)  # fmt: skip

APPLICATION = (
    *IDENTITY_FIELDS,
    *FAMILY_FIELDS,
    *DOCUMENT_FIELDS,
    Field("evidence", Text("Evidence of nationality", "国籍证据类别"), Code(EVIDENCE), group=DOCUMENTS,
          why=Text("Proof is recognised as it stands; prima facie evidence may be rebutted.",
                   "“证明”直接予以认可；“初步证据”可被反证推翻。")),
    Field("interview_language", Text("Language for the interview", "面谈语言"), ShortText(100, personal=True),
          retention=KEPT, group=DOCUMENTS, when=("evidence", ("none",))),
    Field("order_authority", Text("Court or authority that made the order", "作出遣送决定的法院或机关"),
          ShortText(200, personal=False), group=BASIS),
    Field("order_number", Text("Number of the order", "决定文号"), ShortText(80), retention=KEPT, group=BASIS),
    Field("order_date", Text("Date of the order", "决定日期"), Date(), group=BASIS),
    Field("order_final_since", Text("Final since", "生效日期"), Date(), group=BASIS),
    Field("care_needs", Text("Health or care needs", "健康或照料需要"), FreeText(1000), required=False,
          retention=KEPT, group=NEEDS,
          why=Text("Only what those who travel with or receive the person must know.", "仅填写随行或接收人员必须知悉的内容。")),
    Field("protection_measures", Text("Protection or security measures", "保护或安全措施"), FreeText(1000),
          required=False, retention=KEPT, group=NEEDS),
)  # fmt: skip

DOCUMENT_FORM = (
    Field("document_number", Text("Number of the travel document", "旅行证件号码"), ShortText(40), retention=KEPT),
    Field("issued_on", Text("Date of issue", "签发日期"), Date()),
    Field("valid_until", Text("Valid until", "有效期至"), Date()),
    Field("single_journey", Text("Valid for a single journey", "限单次旅行有效"), YesNo()),
    Field("issuing_office", Text("Issued by", "签发机关"), ShortText(200, personal=False)),
    Field("handed_over_at", Text("Where it can be collected", "领取地点"), ShortText(200, personal=False),
          required=False),
)  # fmt: skip

TRANSFER_FORM = (
    Field("departure", Text("Departure", "出发时间"), Moment(), lead_hours=48,
          why=Text("At least 48 hours ahead, so that the other side can receive the person.",
                   "至少提前四十八小时通知，以便对方做好接收准备。")),
    Field("arrival", Text("Arrival", "抵达时间"), Moment()),
    Field("carrier", Text("Carrier and flight", "承运人及航班"), ShortText(100, personal=False)),
    Field("place_of_arrival", Text("Place of arrival", "抵达地点"), ShortText(200, personal=False)),
    Field("escorts", Text("Number of escorts", "押送人员人数"), Count(), required=False),
    Field("escort_names", Text("Escorts", "押送人员"), FreeText(1000), required=False, retention=KEPT),
    Field("medical_needs", Text("Medical needs on the way and on arrival", "途中及抵达后的医疗需要"), FreeText(1000),
          required=False, retention=KEPT),
    Field("belongings", Text("Belongings and money carried", "随身物品及钱款"), FreeText(1000), required=False,
          retention=KEPT),
)  # fmt: skip

REQUESTING_STEPS = (
    Step("request", Text("Apply for verification", "提出核实申请"), REQUESTING, opens=True, to="requested",
         form=APPLICATION, safeguards=LEGAL_STATUS, approvals=1, attachments="required",
         meaning=Text("Asks the other authority to verify who a person under a final order of removal is.",
                      "请求对方核实受已生效遣送决定约束的当事人的身份。")),
    Step("complete", Text("Complete the application", "补正申请"), REQUESTING, frm=("incomplete",), to="requested",
         attachments="optional", approvals=1,
         form=(Field("supplied", Text("What is supplied", "补正内容"), FreeText(4000), retention=KEPT),),
         meaning=Text("Supplies what was missing; verification goes on.", "补充所缺材料，核实程序继续。")),
    Step("resubmit", Text("Submit new information", "补充新材料"), REQUESTING, frm=("unverified",), to="requested",
         attachments="optional", approvals=1,
         form=(Field("supplied", Text("New information", "新的信息"), FreeText(4000), retention=KEPT),),
         meaning=Text("Gives new information and asks to verify again.", "提供新的信息并请求重新核实。")),
    Step("close_unverified", Text("Close the case", "结案"), REQUESTING, frm=("unverified",), to="closed_unverified",
         form=(Field("remark", Text("Remark", "备注"), FreeText(2000), required=False, retention=KEPT),),
         meaning=Text("Ends the case: the identity could not be verified.", "因身份未能核实而结案。")),
    Step("ask_reissue", Text("Ask for a new document", "请求重新签发"), REQUESTING, frm=("document_issued",),
         to="reissue_asked", attachments="optional", approvals=1,
         form=(
             Field("reason", Text("Reason", "理由"), Code((
                 ("expiring", Text("it has expired or is about to", "已经或即将过期")),
                 ("error", Text("it contains an error", "证件有误")),
                 ("lost", Text("it was lost or damaged", "遗失或损毁")),
             ))),
             Field("explanation", Text("Explanation", "说明"), FreeText(2000), required=False, retention=KEPT),
         ),
         meaning=Text("Asks for a travel document in place of the one issued.", "请求签发新证件以替换原证件。")),
    Step("notify_transfer", Text("Notify the transfer", "通知移交安排"), REQUESTING, frm=("document_issued",),
         to="transfer_notified", form=TRANSFER_FORM, safeguards=(*LEGAL_STATUS, "fit_to_travel"), approvals=1,
         attachments="optional",
         meaning=Text("Tells the other authority, at least 48 hours ahead, how and when the person will arrive.",
                      "至少提前四十八小时将当事人抵达的方式和时间通知对方。")),
    Step("carry_out", Text("Report the departure", "通报已出发"), REQUESTING, frm=("transfer_notified",),
         to="carried_out", safeguards=("no_claim_pending", "non_refoulement", "fit_to_travel"), approvals=1,
         form=(
             Field("departed", Text("Departed at", "实际出发时间"), Moment()),
             Field("remark", Text("Remark", "备注"), FreeText(2000), required=False, retention=KEPT),
         ),
         meaning=Text("States that the person is on the way.", "通报当事人已启程。")),
    Step("fail_transfer", Text("Report that the transfer failed", "通报移交未成"), REQUESTING,
         frm=("transfer_notified",), to="document_issued",
         form=(
             Field("reason", Text("Reason", "原因"), Code(TRANSFER_FAILURES)),
             Field("explanation", Text("Explanation", "说明"), FreeText(2000), required=False, retention=KEPT),
         ),
         meaning=Text("States that the transfer did not take place, and why.", "通报移交未能进行及其原因。")),
    Step("withdraw", Text("Withdraw the case", "撤回案件"), REQUESTING, at_any_time=True, effect=ENDS, to="withdrawn",
         approvals=1, attachments="optional",
         form=(
             Field("reason", Text("Reason", "理由"), Code((
                 ("protection_granted", Text("protection was granted", "已获得保护")),
                 ("order_lifted", Text("the order was lifted or annulled", "遣送决定已撤销")),
                 ("left", Text("the person left by himself", "当事人已自行离境")),
                 ("wrong_person", Text("it is the wrong person", "身份有误")),
                 ("other", Text("another reason", "其他理由")),
             ))),
             Field("explanation", Text("Explanation", "说明"), FreeText(2000), required=False, retention=KEPT),
         ),
         meaning=Text("Ends the case for good on both sides.", "在双方终结本案，不可恢复。")),
)  # fmt: skip

RESPONDING_STEPS = (
    Step("return_incomplete", Text("Return for completion", "退回补正"), RESPONDING, frm=("requested",),
         to="incomplete",
         form=(Field("missing", Text("What is missing", "欠缺内容"), FreeText(4000), retention=KEPT),),
         meaning=Text("Says what is missing; the clock stops until it is supplied.", "指明欠缺的内容；补正前期限停止计算。")),
    Step("arrange_interview", Text("Arrange an interview", "安排面谈"), RESPONDING, frm=("requested",), to="interview",
         form=(
             Field("at", Text("Date and time", "时间"), Moment()),
             Field("manner", Text("How", "方式"), Code((
                 ("video", Text("by video", "视频")),
                 ("in_person", Text("in person", "当面")),
                 ("telephone", Text("by telephone", "电话")),
             ))),
             Field("place", Text("Place or connection", "地点或接入方式"), ShortText(300, personal=False)),
             Field("language", Text("Language and interpreter", "语言及口译"), ShortText(100, personal=False)),
         ),
         meaning=Text("Fixes an interview with the person to establish nationality.", "确定与当事人的面谈，以查明国籍。")),
    Step("report_interview", Text("Report on the interview", "通报面谈情况"), RESPONDING, frm=("interview",),
         to="requested", attachments="optional",
         form=(
             Field("held", Text("Was the interview held?", "面谈是否进行"), YesNo()),
             Field("report", Text("Report", "情况"), FreeText(4000), retention=KEPT),
         ),
         meaning=Text("Says what came of the interview; verification goes on.", "通报面谈结果，核实程序继续。")),
    Step("verify", Text("Confirm identity and nationality", "确认身份及国籍"), RESPONDING, frm=("requested",),
         to="verified", approvals=1, attachments="optional",
         form=(
             Field("basis", Text("Established by", "认定依据"), Codes((
                 ("register", Text("population register", "户籍登记")),
                 ("document", Text("a genuine document", "真实有效证件")),
                 ("biometrics", Text("biometric comparison", "生物特征比对")),
                 ("interview", Text("interview", "面谈")),
                 ("family", Text("statements of relatives", "亲属陈述")),
             ))),
             Field("remark", Text("Remark", "备注"), FreeText(2000), required=False, retention=KEPT),
         ),
         meaning=Text("Confirms who the person is and that he is a national. The time for the travel document begins.",
                      "确认当事人身份及其本国国籍，签发旅行证件的期限自此起算。")),
    Step("cannot_verify", Text("Identity cannot be verified", "身份无法核实"), RESPONDING, frm=("requested",),
         to="unverified", approvals=1, attachments="optional",
         form=(
             Field("reasons", Text("Reasons", "原因"), Codes(UNVERIFIED_REASONS)),
             Field("explanation", Text("Explanation", "说明"), FreeText(4000), retention=KEPT),
         ),
         meaning=Text("States in writing why the identity cannot be verified.", "书面说明身份无法核实的原因。")),
    Step("not_a_national", Text("The person is not a national", "当事人非本国国民"), RESPONDING, frm=("requested",),
         to="not_national", approvals=1, attachments="optional",
         form=(
             Field("reason", Text("Reason", "原因"), Code(NOT_NATIONAL_REASONS)),
             Field("explanation", Text("Explanation", "说明"), FreeText(4000), retention=KEPT),
         ),
         meaning=Text("States in writing that the person is not a national. The case ends.",
                      "书面说明当事人非本国国民，案件终结。")),
    Step("issue_document", Text("Issue the travel document", "签发旅行证件"), RESPONDING, frm=("verified",),
         to="document_issued", form=DOCUMENT_FORM, approvals=1, attachments="optional",
         meaning=Text("Issues the document with which the person can return.", "签发供当事人返回使用的旅行证件。")),
    Step("reissue_document", Text("Issue a new travel document", "重新签发旅行证件"), RESPONDING,
         frm=("reissue_asked",), to="document_issued", form=DOCUMENT_FORM, approvals=1, attachments="optional",
         meaning=Text("Issues a document in place of the earlier one.", "签发新证件以替换原证件。")),
    Step("confirm_arrival", Text("Confirm the arrival", "确认抵达"), RESPONDING, frm=("carried_out",), to="returned",
         form=(
             Field("arrived", Text("Arrived at", "抵达时间"), Moment()),
             Field("condition", Text("Condition on arrival", "抵达时状况"), FreeText(2000), required=False, retention=KEPT),
         ),
         meaning=Text("Confirms that the person arrived. The case ends.", "确认当事人已抵达，案件终结。")),
    Step("report_no_arrival", Text("Report that the person did not arrive", "通报未抵达"), RESPONDING,
         frm=("carried_out",), to="document_issued",
         form=(
             Field("reason", Text("Reason", "原因"), Code(TRANSFER_FAILURES)),
             Field("explanation", Text("Explanation", "说明"), FreeText(2000), retention=KEPT),
         ),
         meaning=Text("States that the person did not arrive, and why.", "通报当事人未抵达及其原因。")),
)  # fmt: skip

DEADLINES = (
    Deadline("verification", Text("Verification of identity", "身份核实"), RESPONDING,
             starts=("request", "complete", "resubmit"), ends=("verify", "cannot_verify", "not_a_national"),
             unit="days", allows=(1, 90), pauses=("hold", "question"), pause_in=("incomplete",), source=DIALOGUE),
    Deadline("travel_document", Text("Issue of the travel document", "签发旅行证件"), RESPONDING,
             starts=("verify",), ends=("issue_document",), unit="days", allows=(1, 90), pauses=("hold", "question"),
             source=DIALOGUE),
    Deadline("reissue", Text("Issue of a new travel document", "重新签发旅行证件"), RESPONDING,
             starts=("ask_reissue",), ends=("reissue_document",), unit="days", allows=(1, 60),
             pauses=("hold", "question"), source=Source(f"{READMISSION}, Art. 2(2): re-issue")),
    Deadline("transfer_notice", Text("Notice of the transfer", "移交预先通知"), REQUESTING,
             starts=("notify_transfer",), ends=("carry_out",), lapses=("fail_transfer",), unit="hours", allows=(1, 720),
             pauses=(), at_least=True,
             source=Source("Implementing protocols to readmission agreements: notice of at least 48 hours "
                           "(Switzerland, SR 0.142.113.729)")),
    Deadline("arrival", Text("Confirmation of arrival", "确认抵达"), RESPONDING,
             starts=("carry_out",), ends=("confirm_arrival", "report_no_arrival"), unit="hours", allows=(1, 720),
             source=Source(f"{READMISSION}, Art. 11: transfer modalities")),
)  # fmt: skip

TRACK = Track(
    name="repatriation",
    title=Text("Repatriation", "遣返"),
    purpose=Text(
        "Verify who a person under a final order of removal is, issue a travel document, and bring the return about in "
        "safety and dignity.",
        "核实受已生效遣送决定约束者的身份，签发旅行证件，并安全、有尊严地完成返回。",
    ),
    source=DIALOGUE,
    states=STATES,
    steps=(
        *REQUESTING_STEPS,
        *RESPONDING_STEPS,
        *hold_and_release(HOLD_REASONS, RELEASE_GROUNDS),
        QUESTION,
        ANSWER,
        STATUS_REPORT,
        NOTE,
    ),
    deadlines=DEADLINES,
    safeguards=SAFEGUARDS,
    measures=(
        Measure("time_to_verification", Text("Time to verification", "核实用时"), "verification"),
        Measure(
            "time_to_document",
            Text("Time from verification to document", "自核实至签发用时"),
            "travel_document",
        ),
        Measure("returns", Text("Persons returned", "已返回人数"), "count:confirm_arrival"),
        Measure("holds", Text("Holds placed", "暂停次数"), "count:hold"),
    ),
    retention=(CASE_RECORD,),
    groups=GROUPS,
    summary=("person", "birth_date", "nationality"),
    mission_rows=(5,),
)
