from filot_worker import health


def test_a_fresh_heartbeat_is_alive(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(health, "HEARTBEAT", tmp_path / "beat")
    assert not health.is_alive()
    health.beat()
    assert health.is_alive()


def test_only_get(monkeypatch) -> None:
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/healthz"}
    seen = []
    health.application(environ, lambda status, headers: seen.append(status))
    assert seen == ["405 Method Not Allowed"]
