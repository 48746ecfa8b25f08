"""Whom the sample's people are for: an installation without an account, and nobody else."""

from collections.abc import Iterator

import pytest

from hirehub.kernel.settings import MailSettings, Settings
from hirehub.runtime.sample_people import NotOurs, SamplePeople
from tests.support.people import people

pytestmark = pytest.mark.usefixtures("cheap")


@pytest.fixture
def sample(user_db: Settings) -> Iterator[SamplePeople]:
    """The sample of an installation that nobody has used; what it keeps beside the database goes again."""
    found = SamplePeople(user_db)
    yield found
    found.file.give_up()
    found.file.path.unlink(missing_ok=True)


async def test_an_installation_with_an_account_gets_none(user_db: Settings, sample: SamplePeople) -> None:
    async with people(user_db) as here:
        await here.sign_up()
    assert (await sample.look(), sample.missing) == ((), False)
    assert not sample.file.begun


async def test_where_mails_leave_or_addresses_are_confirmed_nobody_is_invented(
    user_db: Settings, sample: SamplePeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing = SamplePeople(user_db.model_copy(update={"mail": MailSettings(host="localhost")}))
    assert (await mailing.look(), mailing.missing) == ((), False)
    monkeypatch.setenv("HIREHUB_USER__CONFIRM_EMAIL", "true")
    assert (await sample.look(), sample.missing) == ((), False)
    assert not sample.file.begun


async def test_accounts_that_another_installation_made_are_left_alone(user_db: Settings, sample: SamplePeople) -> None:
    """Two installations on one database: whoever comes second finds the addresses taken, and keeps no passwords."""
    accounts = await sample.look()
    async with people(user_db) as here:
        for account in accounts[1:]:
            await here.sign_up(email_address=account.email)
        with pytest.raises(NotOurs):
            await sample.bring(here.api, accounts)
        assert here.rows("SELECT 1 FROM users WHERE user_type = 'admin'") == []
    assert (sample.file.begun, sample.file.finished) == (False, False)


async def test_accounts_that_are_gone_are_made_again_with_the_same_passwords(
    user_db: Settings, sample: SamplePeople
) -> None:
    accounts = await sample.look()
    sample.file.finish()
    again = SamplePeople(user_db)
    assert (await again.look(), again.missing) == (accounts, True)
