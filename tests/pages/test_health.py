"""What a load balancer is told."""

import pytest
from django.db import DatabaseError, connection

from tests.conftest import wait_until


def refuse(*args):
    raise DatabaseError("the database is down")


@pytest.mark.django_db
def test_healthz_answers_without_database_or_broker(client):
    with connection.execute_wrapper(refuse):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response.cookies == {}


@pytest.mark.django_db
def test_readyz_names_the_broker_that_is_down(client):
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"not answering: broker\n")


@pytest.mark.django_db
def test_readyz_names_the_database_that_is_down(client, valkey):
    with connection.execute_wrapper(refuse):
        response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"not answering: database\n")


@pytest.mark.django_db
def test_readyz_answers_when_all_is_there(client, valkey):
    response = wait_until(lambda: client.get("/readyz"))
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_probes_are_read_only(client, address):
    assert client.post(address).status_code == 405
