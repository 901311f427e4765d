"""kazoo's own recipes against a cell: a lock, an election by ephemerals, watches, a transaction."""
import sys

from kazoo.client import KazooClient

hosts = sys.argv[1]
one, two = KazooClient(hosts, timeout=10), KazooClient(hosts, timeout=10)
one.start(30)
two.start(30)
seen = []


@two.ChildrenWatch("/")
def children(names):
    seen.append(sorted(names))


lock = one.Lock("/lock", "one")
assert lock.acquire(timeout=30)
assert not two.Lock("/lock", "two").acquire(blocking=False)
lock.release()
assert two.Lock("/lock", "two").acquire(timeout=30)
transaction = one.transaction()
transaction.create("/a", b"1")
transaction.set_data("/a", b"2")
transaction.check("/a", 1)
print("transaction", [str(r) if isinstance(r, str) else type(r).__name__ for r in transaction.commit()])
print("data", one.get("/a")[0].decode())
counter = one.Counter("/counter")
counter += 5
print("counter", counter.value)
two.sync("/a")
print("children", two.get_children("/"))
one.stop()
two.stop()
print("watched", any("a" in names for names in seen))
