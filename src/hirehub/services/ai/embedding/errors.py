"""Why texts are not turned into vectors."""

from hirehub.kernel.errors import Invalid, Missing, Unavailable


class NoModel(Missing):
    """There is no model: it is switched off, or what it comes in is not installed."""

    code = "no_model"


class ModelUnavailable(Unavailable):
    """The model is somewhere else, and cannot be had or does not answer now."""

    code = "model_unavailable"


class UnusableModel(Invalid):
    """A model that is not built in a way that can be used here, or settings that name none."""

    code = "unusable_model"
