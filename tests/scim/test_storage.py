"""The storage keeps every rule that the SCIM library lays down for storages."""

from collections.abc import Iterator

import pytest
from scim2_models import ScimProvider
from scim2_server.testing import ScimStorageContract

from app.clock import now
from app.scim.reading import PROVIDER
from app.scim.views.storage import Directory
from tenants.resolution import forget_tenants
from tenants.unit_of_work import session, tenant_work
from tests.cast import Cast
from tests.conftest import clear_all


@pytest.fixture(scope="class")
def open_organisation(whole_app, superuser, mail_sink) -> Iterator[None]:
    """One transaction for all rules: each is tried inside a savepoint, which costs next to nothing."""
    with whole_app.app_context():
        with tenant_work(Cast(whole_app, mail_sink).organisation("alpha").ref):
            yield
            session().rollback()
        clear_all(superuser)
    forget_tenants()


class TestDirectory(ScimStorageContract):
    """The library's own suite."""

    @pytest.fixture
    def provider(self) -> ScimProvider:
        return PROVIDER

    @pytest.fixture
    def storage(self, open_organisation) -> Iterator[Directory]:
        point = session().begin_nested()
        yield Directory(now)
        point.rollback()
        session().expunge_all()
