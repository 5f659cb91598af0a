"""What can stand in the way of a bill."""


class BillingOff(RuntimeError):
    """No payment service is connected: everything else works, and nothing is charged."""


class AlreadySubscribed(ValueError):
    """The organisation has a plan; a second would charge it twice."""


class PaymentServiceTrouble(RuntimeError):
    """The payment service did not do what it was asked."""


class PaymentServiceAway(PaymentServiceTrouble):
    """No answer came, or the service asked us to come later: whether it acted is unknown, asking the same is safe."""


class PaymentServiceFailed(PaymentServiceTrouble):
    """The service answered that it failed. It keeps that answer for the key, so a new try needs a new key."""


class PaymentServiceRefused(PaymentServiceTrouble):
    """The service will not do this, however often it is asked."""
