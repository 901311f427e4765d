"""Every member leaves and comes back while clients write: no acknowledged write is lost, no session ends."""
import socket
import sys
import threading

from kazoo.client import KazooClient, KazooState
from kazoo.exceptions import ConnectionLoss, KazooException, OperationTimeoutError, SessionMovedError

hosts = sys.argv[1]
addresses = dict(enumerate((tuple(h.rsplit(":", 1)) for h in hosts.split(",")), 1))
lock, done = threading.Condition(), False
acknowledged, states = [], []


def member_says(member):
    host, port = addresses[member]
    with socket.create_connection((host, int(port)), 10) as connection:
        connection.sendall(b"srvr")
        return connection.makefile().read()


def write(number, client):
    i = 0
    while not done:
        i += 1
        path = "/writes/%d-%06d" % (number, i)
        try:
            client.create(path)
        except (ConnectionLoss, SessionMovedError, OperationTimeoutError):
            continue
        with lock:
            acknowledged.append(path)
            lock.notify_all()


def wait_for_writes(count):
    with lock:
        wanted = len(acknowledged) + count
        assert lock.wait_for(lambda: len(acknowledged) >= wanted, 60), "writes go on"


def config():
    text = admin.retry(admin.get, "/zookeeper/config")[0].decode()
    return dict((int(line[7:line.index("=")]), line) for line in text.split("\n") if line.startswith("server."))


def reconfigure(wanted, **change):
    while wanted(config()) is False:
        try:
            admin.reconfig(**dict(dict(joining=None, leaving=None, new_members=None), **change))
        except (ConnectionLoss, OperationTimeoutError):
            pass


admin = KazooClient(hosts, timeout=20, auth_data=[("digest", "super:secret")])
admin.start(30)
admin.create("/writes")
clients = [KazooClient(hosts, timeout=20) for _ in range(4)]
for client in clients:
    client.add_listener(states.append)
    client.start(30)
sessions = [c.client_id[0] for c in clients]
threads = [threading.Thread(target=write, args=pair) for pair in enumerate(clients)]
for thread in threads:
    thread.start()
for member in (1, 2, 3):
    wait_for_writes(30)
    line = config()[member]
    reconfigure(lambda c: member not in c, leaving=str(member))
    wait_for_writes(30)
    while "not currently serving" not in member_says(member):
        pass
    reconfigure(lambda c: member in c, joining=line)
    while "Mode: " not in member_says(member):
        pass
done = True
for thread in threads:
    thread.join(60)
reader = KazooClient(hosts, timeout=20)
reader.start(30)
reader.sync("/writes")
there = set("/writes/" + name for name in reader.get_children("/writes"))
print("members", sorted(config()))
print("lost", len([p for p in acknowledged if p not in there]))
print("sessions", [c.client_id[0] for c in clients] == sessions and KazooState.LOST not in states)
print("writes", len(acknowledged) > 150)
for client in [reader, admin] + clients:
    client.stop()
