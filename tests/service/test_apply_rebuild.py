"""States derived from histories: equal to the rows, and where they are not, told and mended."""

from hirehub.kernel.db import open_database
from hirehub.kernel.settings import Settings
from hirehub.services.apply.usecases.rebuild import rebuild
from tests.support.applying import hiring
from tests.support.cli import hirehub
from tests.support.platform import execute, rows


async def test_the_history_alone_says_every_state(apply_db: Settings, cheap: None) -> None:
    async with hiring(apply_db) as there:
        ended = await there.brought("accepted")
        begun = await there.applied(await there.here.sign_up())
        withdrawn = await there.applied(await there.here.sign_up())
        await there.decided(begun, "reviewing")
    async with await open_database(apply_db, "apply") as db:
        sound = await rebuild(db)
        execute(apply_db, "apply", "UPDATE applications SET status = 'offered' WHERE id = %s", ended)
        execute(apply_db, "apply", "UPDATE applications SET status = 'withdrawn' WHERE id = %s", withdrawn)
        found = await rebuild(db)
        few = await rebuild(db, most=1)
        mended = await rebuild(db, mend=True)
        again = await rebuild(db)
    assert (sound.applications, sound.differences) == (3, ())
    told = {(str(one.application_id), one.row, one.history, one.mended) for one in found.differences}
    assert told == {(ended, "offered", "accepted", False), (withdrawn, "withdrawn", "submitted", False)}
    assert len(few.differences) == 1
    assert [one.mended for one in mended.differences] == [True, True]
    assert again.differences == ()
    states = set(rows(apply_db, "apply", "SELECT id::text, status FROM applications"))
    assert states == {(ended, "accepted"), (begun, "reviewing"), (withdrawn, "submitted")}


async def test_a_history_that_cannot_have_happened_is_told_and_left_alone(apply_db: Settings) -> None:
    execute(
        apply_db,
        "apply",
        "WITH made AS (INSERT INTO applications (job_id, user_id, resume_id, company_id, job_title)"
        " SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'Cook'"
        " FROM generate_series(1, 2) RETURNING id)"
        " INSERT INTO application_events (application_id, number, event_type, from_status, to_status)"
        " SELECT id, 1, 'status_changed', 'reviewing', 'offered' FROM made LIMIT 1",
    )
    async with await open_database(apply_db, "apply") as db:
        report = await rebuild(db, mend=True)
    assert sorted((one.row, one.history, one.reason, one.mended) for one in report.differences) == [
        ("submitted", None, "There is no event that says how it began.", False),
        ("submitted", None, "reviewing to offered does not follow nothing.", False),
    ]


async def test_the_command_tells_and_mends(apply_db: Settings, cheap: None) -> None:
    env = {"HIREHUB_DATA_DIR": str(apply_db.data_dir)}
    async with hiring(apply_db) as there:
        application_id = await there.brought("reviewing")
    execute(apply_db, "apply", "UPDATE applications SET status = 'offered'")
    found = hirehub("apply", "rebuild", "--json", env=env)
    mended = hirehub("apply", "rebuild", "--mend", env=env)
    again = hirehub("apply", "rebuild", env=env)
    assert (found.code, found.document()) == (
        1,
        {
            "applications": 1,
            "differences": [
                {
                    "application_id": application_id,
                    "row": "offered",
                    "history": "reviewing",
                    "reason": "",
                    "mended": False,
                }
            ],
        },
    )
    assert (mended.code, mended.out.splitlines()[1]) == (
        0,
        f"  {application_id}: offered, its history says reviewing (mended)",
    )
    assert (again.code, again.out) == (0, "1 applications: 0 differ from their history.\n")
