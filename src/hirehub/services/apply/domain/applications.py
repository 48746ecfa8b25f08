"""What an application needs, and how it is refused."""

from datetime import datetime
from typing import Final
from uuid import UUID

from hirehub.contracts.job import Post
from hirehub.contracts.resume import Resume
from hirehub.kernel.errors import Conflict, Invalid, Missing

MOST_AT_ONCE: Final = 100
"""Applications that one call may change."""


class NoSuchApplication(Missing):
    """There is no such application, or it is not for the caller to see."""

    code = "no_such_application"

    @classmethod
    def told(cls) -> "NoSuchApplication":
        """The same for one that is not there and one that is not for the caller to see."""
        return cls("There is no such application.", hint="Look at /api/v1/applications for yours.")


class NoSuchPost(Missing):
    """There is no such post to apply for."""

    code = "no_such_post"


class PostNotOpen(Conflict):
    """Nobody can apply for the post now."""

    code = "post_not_open"


class NoSuchResume(Missing):
    """There is no such resume, or it is somebody else's."""

    code = "no_such_resume"


class UnreadableResume(Conflict):
    """Nothing could be read in the resume."""

    code = "resume_unreadable"


class AlreadyApplied(Conflict):
    """The person has applied for the post before."""

    code = "already_applied"


class ApplicantGone(Conflict):
    """The applicant's account has ended: words about the person would stay for good, as nothing erases them again."""

    code = "applicant_gone"

    @classmethod
    def told(cls) -> "ApplicantGone":
        """The same for every kind of words."""
        return cls(
            "The applicant's account has ended: nothing is written about the person any more.",
            hint="The application and its states can still be read.",
        )


class NothingPending(Conflict):
    """There is no held rejection, or not any more."""

    code = "nothing_pending"


class AlreadyPending(Conflict):
    """A rejection is held already."""

    code = "already_pending"


class WhichApplications(Invalid):
    """A member of a company has not said which of its applications he means."""

    code = "which_applications"


def check_post(post: Post | None, now: datetime) -> Post:
    """The post, where one can apply for it; NoSuchPost, PostNotOpen also for one that is over and not closed yet."""
    if post is None or post.status == "draft":
        raise NoSuchPost("There is no such job post.", hint="Look at /api/v1/jobs for those that are open.")
    if post.status != "open" or (post.expires_at is not None and post.expires_at <= now):
        raise PostNotOpen("The post is closed.", hint="Look at /api/v1/jobs for those that are open.")
    return post


def check_resume(found: Resume | None, person: UUID) -> None:
    """Raises NoSuchResume unless it is the person's own: whose it is else, nobody learns; UnreadableResume.

    One that is still read will do: nobody misses the last minute of a post by that.
    """
    if found is None or found.user_id != person:
        raise NoSuchResume("You have no such resume.", hint="Send the id of one of your own.")
    if found.status == "error":
        raise UnreadableResume(
            "The resume could not be read: the company would see nothing in it.",
            hint="Look at its status_reason, upload the file again, or send another resume.",
        )
