"""What Kaveris and Kamus do before they are a pair, and what leads decide about pairs."""

from app.matching.actions.asks import answer_ask, ask_kamu, close_asks_of, lapse_asks, take_back

__all__ = ["answer_ask", "ask_kamu", "close_asks_of", "lapse_asks", "take_back"]
