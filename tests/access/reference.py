"""A second, plain statement of who may do what, written from docs and not from `comity.access`. Thirty lines; no Django.

A person of role R may do action A in a case when R is listed beside A and the case lies in his sight: it is assigned to
him, or his unit holds it; oversight sees all, an administrator none.
"""

READ = "case_officer supervisor liaison hotline_duty analyst oversight"
WORK = "case_officer supervisor liaison hotline_duty"
LEAD = "supervisor liaison"
POLICY = {
    "read_case": READ, "read_attachment": READ, "export": READ,
    "who_saw": "case_officer supervisor liaison oversight",
    "take_step": WORK, "save_draft": WORK, "add_attachment": WORK, "take_up": WORK,
    "add_note": WORK + " analyst",
    "approve": LEAD, "assign": LEAD, "move_to_unit": LEAD,
    "read_list": READ, "search": READ, "open_case": WORK, "upload": WORK,
    "open_many": "case_officer supervisor liaison", "approve_opening": LEAD,
    "workload": LEAD + " oversight",
    "scorecard": READ + " administrator", "agreement": READ + " administrator", "links": READ + " administrator",
    "read_audit": "oversight", "manage_officers": "administrator", "manage_node": "administrator",
    "release_link": "liaison",
}  # fmt: skip
WITHOUT_CASE = set(list(POLICY)[12:])


def sees(role: str, active: bool, same_unit: bool, assigned: bool) -> bool:
    return active and role != "administrator" and (role == "oversight" or same_unit or assigned)


def allowed(role: str, action: str, active: bool, same_unit: bool, assigned: bool) -> bool:
    in_sight = action in WITHOUT_CASE or sees(role, active, same_unit, assigned)
    return active and role in POLICY[action].split() and in_sight
