using System.Buffers.Binary;
using System.Security.Cryptography;
using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// DEBUG DIGEST's 20 bytes: the same for the same data, whatever the encoding and the order in tables, and the same as Redis' own
/// (debug.c). What has no order is combined by exclusive or, what has by hashing the state so far together with the next.
/// </summary>
internal sealed class ValueDigest
{
    private readonly byte[] _state = new byte[SHA1.HashSizeInBytes];

    public override string ToString() => Convert.ToHexStringLower(_state);

    /// <summary>The digest of all keys. Databases without keys leave no trace.</summary>
    public static ValueDigest Of(IEnumerable<Database> databases)
    {
        var all = new ValueDigest();
        foreach (var db in databases.Where(d => d.Count > 0))
        {
            all.Mix(db.Index);
            foreach (var entry in db.All())
            {
                var one = new ValueDigest();
                one.Mix(entry.Key);
                one.Mix(entry);
                all.Add(one._state);
            }
        }
        return all;
    }

    /// <summary>Takes in a key's type, value and whether it expires.</summary>
    public void Mix(Entry entry)
    {
        Mix((int)entry.Type);
        switch (entry.Object)
        {
            case ListObject list:
                Mix(list);
                break;
            case SetObject set:
                Add(set);
                break;
            case SortedSetObject sorted:
                Add(sorted);
                break;
            case HashObject hash:
                Add(hash);
                break;
            default:
                Invariant.Check(entry.IsString);
                Mix(entry.StringValue);
                break;
        }
        if (entry.ExpireAtMs >= 0)
            Add("!!expire!!"u8);
    }

    private void Mix(ListObject list)
    {
        Span<byte> scratch = stackalloc byte[Element.ScratchBytes];
        for (var place = QuickListCursor.FirstOf(list.Items.Head); !place.IsNone; place = place.Next())
            Mix(place.Value.Text(scratch));
    }

    private void Add(SetObject set)
    {
        Span<byte> scratch = stackalloc byte[Element.ScratchBytes];
        foreach (var member in set)
            Add(member.Text(scratch));
    }

    private void Add(SortedSetObject sorted)
    {
        Span<byte> scratch = stackalloc byte[Element.ScratchBytes], score = stackalloc byte[RedisNumber.DoubleBytesMax];
        for (var place = sorted.Seek(0); !place.IsNone; place = place.Next())
            AddPair(place.Member.Text(scratch), score[..RedisNumber.Format(place.Score, score)]);
    }

    private void Add(HashObject hash)
    {
        Span<byte> one = stackalloc byte[Element.ScratchBytes], two = stackalloc byte[Element.ScratchBytes];
        foreach (var pair in hash)
            AddPair(pair.Field.Text(one), pair.Value.Text(two));
    }

    private void AddPair(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var pair = new ValueDigest();
        pair.Mix(first);
        pair.Mix(second);
        Add(pair._state);
    }

    private void Mix(int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        Mix(bytes);
    }

    private void Mix(ReadOnlySpan<byte> bytes)
    {
        Add(bytes);
        SHA1.HashData(_state, _state);
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(bytes, hash);
        for (var i = 0; i < hash.Length; i++)
            _state[i] ^= hash[i];
    }
}
