using Google.Protobuf;
using Microcosm.Chubby.Etcd;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Tests;

/// <summary>
/// Random commands that are nearly right, for a store alone. It refuses only in etcd's own words, a refused command changes nothing, and a
/// store that is restored in the middle goes on as the other does.
/// </summary>
public sealed class EtcdStoreFuzz
{
    private const int Commands = 20_000;
    private const int RestoredEvery = 500;

    private readonly RandomStream _random = new Seed(20261129).Stream("fuzz");

    [Fact]
    public void A_store_refuses_in_order_and_is_restored_to_what_it_was()
    {
        var store = new EtcdStore(leaseTtlMinS: 2);
        var (done, refused) = (0, 0);
        for (var index = 1; index <= Commands; index++)
        {
            var command = Command(store.Keys.Revision);
            var bytes = command.ToByteArray();
            var before = store.Save();
            if (store.Apply(index, bytes) is EtcdError)
            {
                refused++;
                Assert.True(before.Span.SequenceEqual(store.Save().Span), $"refused, and something changed: {command}");
            }
            else
            {
                done++;
            }
            if (index % RestoredEvery != 0)
                continue;
            var saved = store.Save();
            store = new EtcdStore(leaseTtlMinS: 2);
            store.Restore(saved);
            Assert.True(saved.Span.SequenceEqual(store.Save().Span), "what is restored and saved again is another");
            // The store stays small, so that commands meet what others left.
            Apply(store, ref index, new EtcdCommand { DeleteRange = new DeleteRangeRequest { Key = Key(""), RangeEnd = Key("") } });
            Apply(store, ref index, new EtcdCommand { Compaction = new CompactionRequest { Revision = store.Keys.Revision } });
        }
        Assert.InRange(done, Commands / 4, Commands);
        Assert.InRange(refused, Commands / 20, Commands);
    }

    private static void Apply(EtcdStore store, ref int index, EtcdCommand command) => store.Apply(++index, command.ToByteArray());

    private EtcdCommand Command(long revision) => _random.Next(10) switch
    {
        0 or 1 => new EtcdCommand { Put = PutRequest() },
        2 => new EtcdCommand { DeleteRange = DeleteRequest() },
        3 or 4 or 5 => new EtcdCommand { Txn = Txn(depth: 0, revision) },
        6 => new EtcdCommand { LeaseGrant = new LeaseGrantRequest { ID = Lease(), TTL = _random.Pick([-1L, 0, 60, long.MaxValue]) } },
        7 => new EtcdCommand { LeaseRevoke = new LeaseRevokeRequest { ID = Lease() } },
        8 when _random.Chance(0.05) => new EtcdCommand { Compaction = new CompactionRequest { Revision = Near(revision) } },
        8 => new EtcdCommand { LeaseRenewal = new LeaseRenewal { Ids = { Lease(), Lease() }, ByLeader = _random.Chance(0.5) } },
        _ => new EtcdCommand { LeaseExpiry = new LeaseExpiry { Id = Lease(), Seen = _random.Next(Commands) } },
    };

    // Only what the face lets through (RequestChecks) comes to the store.
    private TxnRequest Txn(int depth, long revision)
    {
        while (true)
        {
            var txn = new TxnRequest();
            for (var left = _random.Next(3); left > 0; left--)
                txn.Compare.Add(Comparison(revision));
            for (var left = _random.Next(4); left > 0; left--)
                (_random.Chance(0.6) ? txn.Success : txn.Failure).Add(Op(depth, revision));
            try
            {
                RequestChecks.Check(txn, opsMax: 128);
                return txn;
            }
            catch (EtcdException)
            {
                // Another one.
            }
        }
    }

    private RequestOp Op(int depth, long revision) => _random.Next(depth < 2 ? 5 : 4) switch
    {
        0 or 1 => new RequestOp { RequestPut = PutRequest() },
        2 => new RequestOp { RequestDeleteRange = DeleteRequest() },
        3 => new RequestOp
        {
            RequestRange = new RangeRequest { Key = Key(), RangeEnd = End(), Revision = _random.Chance(0.2) ? Near(revision) : 0 },
        },
        _ => new RequestOp { RequestTxn = Txn(depth + 1, revision) },
    };

    // Targets and results that the protocol does not have come too.
    private Compare Comparison(long revision)
    {
        var compare = new Compare
        {
            Key = Key(), RangeEnd = End(),
            Result = (Compare.Types.CompareResult)_random.Next(5), Target = (Compare.Types.CompareTarget)_random.Next(6),
        };
        switch (_random.Next(5))
        {
            case 0:
                compare.Value = Key();
                break;
            case 1:
                compare.Version = _random.Next(3);
                break;
            case 2:
                compare.Lease = Lease();
                break;
            case 3:
                compare.CreateRevision = Near(revision);
                break;
            default:
                compare.ModRevision = Near(revision);
                break;
        }
        return compare;
    }

    private PutRequest PutRequest() => new()
    {
        Key = Key(), Value = Key(), Lease = _random.Chance(0.3) ? Lease() : 0, PrevKv = _random.Chance(0.2),
        IgnoreValue = _random.Chance(0.1), IgnoreLease = _random.Chance(0.1),
    };

    private DeleteRangeRequest DeleteRequest() => new() { Key = Key(), RangeEnd = End(), PrevKv = _random.Chance(0.3) };

    private static ByteString Key(string text) => ByteString.CopyFrom([.. text.Select(c => (byte)c), 0]);

    private ByteString Key() => ByteString.CopyFrom((byte)('a' + _random.Next(4)));

    private ByteString End() => _random.Next(4) switch
    {
        0 => Key(),
        1 => ByteString.CopyFrom(0),
        _ => ByteString.Empty,
    };

    private long Lease() => _random.Next(4);

    private long Near(long revision) => revision - 5 + _random.Next(7);
}
