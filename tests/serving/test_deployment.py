"""What an office's IT takes as it is: units of systemd, the site of nginx, settings, and the lock of dependencies."""

import os
import re
import shutil
import ssl
import subprocess
import time
import tomllib
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from threading import Thread

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from analytics.serving.server import LONGEST_WAIT_SECONDS

ROOT = Path(__file__).parents[2]
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")
"""Debian puts it where only administrators look."""
FOLDER = ROOT / "analytics" / "serving" / "deployment"
UNITS = ("five-colour@.service", "five-colour-nightly.service", "five-colour-nightly.timer")
SITE = "wuse.example"


def text(name):
    return (FOLDER / name).read_text(encoding="utf-8")


def set_in(unit):
    """Each line NAME=VALUE of a unit, in its order."""
    return [tuple(line.split("=", 1)) for line in text(unit).splitlines() if re.match(r"\w+=", line)]


# The lock


def requirements(file):
    lines = (line.partition("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line]


def locked():
    """By name, the versions that the lock holds, each with the digests of its files."""
    found, digests = {}, []
    for line in (FOLDER / "requirements.lock").read_text(encoding="utf-8").splitlines():
        if pinned := re.match(r"([a-z0-9-]+)==(\S+)", line):
            digests = found.setdefault(canonicalize_name(pinned[1]), {}).setdefault(pinned[2], [])
        elif digest := re.match(r"    --hash=sha256:([0-9a-f]{64})(?: \\)?$", line):
            digests.append(digest[1])
        else:
            assert line.lstrip().startswith("#"), line
    return found


def test_the_lock_holds_a_version_within_every_range_and_the_digest_of_each_file():
    held = locked()
    for wanted in requirements(ROOT / "requirements.txt") + requirements(FOLDER / "postgresql.txt"):
        versions = held[canonicalize_name(wanted.name)]
        assert all(wanted.specifier.contains(version) for version in versions), (wanted, versions)
    assert {"sqlalchemy", "authlib", "httpx", "psycopg-binary"} <= held.keys()
    assert all(digests for versions in held.values() for digests in versions.values())


def test_the_driver_of_the_tests_is_the_one_that_an_office_installs():
    (driver,) = (one for one in requirements(ROOT / "tests" / "requirements.txt") if one.name == "psycopg")
    assert requirements(FOLDER / "postgresql.txt") == [driver]


# The units


def test_a_server_that_is_asked_to_end_is_given_the_time_that_it_may_take():
    told = dict(set_in("five-colour@.service"))
    assert int(told["TimeoutStopSec"]) > LONGEST_WAIT_SECONDS
    assert "--server.address 127.0.0.1 " in told["ExecStart"]
    assert told["KillMode"] == "mixed"


def test_every_setting_that_is_named_is_one_of_the_program():
    source = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "analytics").rglob("*.py"))
    files = [*(text(unit) for unit in UNITS), text("settings.example"), text("nginx.conf")]
    named = {name for held in files for name in re.findall(r"FIVE_COLOUR_[A-Z_]+", held)}
    assert {"FIVE_COLOUR_HOSTS", "FIVE_COLOUR_LEDGER", "FIVE_COLOUR_HOME"} <= named
    assert {name for name in named if f'"{name}"' not in source} == set()


@pytest.mark.parametrize("unit", [one for one in UNITS if one.endswith("service")])
def test_a_unit_may_write_its_own_folder_alone_and_gains_no_rights(unit):
    told = dict(set_in(unit))
    assert (told["User"], told["ProtectSystem"], told["UMask"], told["StateDirectoryMode"]) == (
        *("five-colour", "strict", "0077", "0700"),
    )
    assert (told["NoNewPrivileges"], told["CapabilityBoundingSet"]) == ("true", "")
    assert "ReadWritePaths" not in told
    homes = [value for name, value in set_in(unit) if name == "Environment" and value.startswith("FIVE_COLOUR_HOME=")]
    assert homes == ["FIVE_COLOUR_HOME=/var/lib/five-colour/home"]


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None,
    reason="only systemd knows whether a unit is right, and this machine runs none",
)
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path):
    program = tmp_path / "program" / ".venv" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.symlink_to("/bin/true")
    for unit in UNITS:
        made = text(unit).replace("/opt/five-colour", str(tmp_path / "program"))
        (tmp_path / unit.replace("@.", "@8501.")).write_text(made, encoding="utf-8")
    units = [tmp_path / unit.replace("@.", "@8501.") for unit in UNITS]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert (done.returncode, [line for line in done.stderr.splitlines() if str(tmp_path) in line]) == (0, []), (
        done.stderr
    )


# The gateway


def test_the_gateway_takes_a_file_as_large_as_the_server_does():
    largest = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["server"][
        "maxUploadSize"
    ]
    assert f"client_max_body_size {largest}m;" in text("nginx.conf")


def free_port():
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Process(BaseHTTPRequestHandler):
    """Stands for a process of the dashboard: says which one it is, and what the gateway told it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        told = [self.headers.get(name, "") for name in ("Host", "Upgrade", "Connection", "X-Forwarded-For")]
        body = "|".join([self.server.name, *told]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def gateway(tmp_path):
    """A real nginx with the office's site before two processes; the port, and these by their names."""
    ports = {"443": free_port(), "80": free_port(), "8501": free_port(), "8502": free_port()}
    with ExitStack() as ended:
        processes = {}
        for name, port in (("one", ports["8501"]), ("two", ports["8502"])):
            server = processes[name] = ThreadingHTTPServer(("127.0.0.1", port), Process)
            server.name = name
            Thread(target=server.serve_forever, daemon=True).start()
            ended.callback(server.server_close)
            ended.callback(server.shutdown)
        made = ["-subj", f"/CN={SITE}", "-keyout", tmp_path / "key.pem", "-out", tmp_path / "certificate.pem"]
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *made], capture_output=True, check=True
        )
        site = text("nginx.conf").replace("/etc/ssl/five-colour", str(tmp_path))
        site = re.sub(r"listen (\d+)", lambda found: f"listen 127.0.0.1:{ports[found[1]]}", site)
        site = re.sub(r"127\.0\.0\.1:(850\d)", lambda found: f"127.0.0.1:{ports[found[1]]}", site)
        kept = "".join(
            f"{name}_temp_path {tmp_path};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        file = tmp_path / "nginx.conf"
        file.write_text(
            f"daemon off;\nmaster_process off;\npid {tmp_path}/pid;\nerror_log {tmp_path}/log;\nevents {{}}\n"
            f"http {{\naccess_log off;\n{kept}{site}}}\n",
            encoding="utf-8",
        )
        command = [NGINX, "-e", tmp_path / "log", "-c", file]
        nginx = ended.enter_context(subprocess.Popen(command, stderr=subprocess.PIPE))
        ended.callback(nginx.terminate)
        for _ in range(200):
            if nginx.poll() is not None:
                pytest.fail(nginx.stderr.read().decode())
            try:
                asked(ports["443"])
                break
            except OSError:
                time.sleep(0.05)
        yield ports, processes


def asked(port, path="/", **headers):
    """What a process was told, and the cookie that was set."""
    unknown = ssl.create_default_context()
    unknown.check_hostname, unknown.verify_mode = False, ssl.CERT_NONE
    line = HTTPSConnection("127.0.0.1", port, context=unknown, timeout=20)
    line.request(
        "GET", path, headers={"Host": SITE, **{name.replace("_", "-"): told for name, told in headers.items()}}
    )
    answer = line.getresponse()
    told = answer.read().decode()
    line.close()
    return told.split("|"), answer


needs_nginx = pytest.mark.skipif(
    NGINX is None or shutil.which("openssl") is None,
    reason="only nginx serves its site, and to install it would start a web server on this machine: apt install nginx",
)


@needs_nginx
def test_a_browser_stays_with_the_process_that_it_came_to_first_and_browsers_are_shared_out(gateway):
    ports, _ = gateway
    met = set()
    for _ in range(24):
        (name, *_), answer = asked(ports["443"])
        cookie, *more = answer.headers["Set-Cookie"].split("; ")
        assert cookie == f"five_colour_process={name}"
        assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(more)
        assert {asked(ports["443"], Cookie=cookie)[0][0] for _ in range(6)} == {name}
        met.add(name)
    assert met == {"one", "two"}


@needs_nginx
def test_the_gateway_hands_on_the_name_that_was_asked_for_the_line_that_stays_open_and_who_asks(gateway):
    ports, _ = gateway
    (_, host, upgrade, connection, asking), answer = asked(ports["443"], Cookie="five_colour_process=two")
    assert (host, upgrade, connection, asking) == (SITE, "", "", "127.0.0.1")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Strict-Transport-Security"]
    line = {"Upgrade": "websocket", "Connection": "Upgrade", "X_Forwarded_For": "10.9.9.9"}
    (_, _, upgrade, connection, asking), _ = asked(ports["443"], "/_stcore/stream", **line)
    assert (upgrade, connection, asking) == ("websocket", "upgrade", "127.0.0.1")
    assert asked(ports["443"], Host="evil.example")[0][1] == "evil.example", "the server refuses it, not the gateway"


@needs_nginx
def test_where_a_process_ended_the_other_one_answers_and_plain_addresses_lead_to_the_safe_one(gateway):
    ports, processes = gateway
    processes["one"].shutdown()
    processes["one"].server_close()
    assert asked(ports["443"], Cookie="five_colour_process=one")[0][0] == "two"
    assert asked(ports["443"], Cookie="five_colour_process=<script>")[0][0] == "two"
    line = HTTPConnection("127.0.0.1", ports["80"], timeout=20)
    line.request("GET", "/releases?lang=en", headers={"Host": SITE})
    answer = line.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{SITE}/releases?lang=en")
    line.close()
