"""How goals go, in words."""

from flask_babel import lazy_gettext as _l

from app.goals.models import How

HOW_WORDS = {
    How.WELL: _l("Going well"),
    How.SLOWLY: _l("Slowly"),
    How.STUCK: _l("Stuck"),
    How.LET_GO: _l("Let it go"),
}
HOW_BADGES = {
    How.WELL: ("warm", "footprints"),
    How.SLOWLY: ("", "leaf"),
    How.STUCK: ("care", "hand-heart"),
    How.LET_GO: ("", "leaf"),
}
