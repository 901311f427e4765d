using System.Buffers.Binary;
using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// Who is in a group. While it is joint, decisions need a majority of <see cref="Voters"/> and one of <see cref="Outgoing"/> (paper 6).
/// Invariants: lists are ascending without repetition; no voter is a learner; there is at least one voter.
/// </summary>
public sealed class Membership : IEquatable<Membership>
{
    private const byte Version = 1;
    private const int MembersMax = 1_000;

    public Membership(IEnumerable<long> voters, IEnumerable<long>? outgoing = null, IEnumerable<long>? learners = null)
    {
        Voters = [.. voters.Distinct().Order()];
        Outgoing = [.. (outgoing ?? []).Distinct().Order()];
        Learners = [.. (learners ?? []).Distinct().Order()];
        Invariant.Check(Voters.Length > 0 && !Voters.Intersect(Learners).Any());
        Invariant.Check(Voters.Concat(Outgoing).Concat(Learners).All(id => id > 0));
        Members = [.. Voters.Union(Outgoing).Union(Learners).Order()];
        Invariant.Check(Members.Length <= MembersMax);
    }

    /// <summary>The voters; in joint consensus, the new ones.</summary>
    public long[] Voters { get; }

    /// <summary>In joint consensus, the old voters; else empty.</summary>
    public long[] Outgoing { get; }

    /// <summary>Those who get the log and have no vote. One that still votes as outgoing may be among them.</summary>
    public long[] Learners { get; }

    /// <summary>All of them.</summary>
    public long[] Members { get; }

    /// <summary>True between the two steps of a change.</summary>
    public bool IsJoint => Outgoing.Length > 0;

    /// <summary>True for one whose vote counts.</summary>
    public bool IsVoter(long id) => Array.IndexOf(Voters, id) >= 0 || Array.IndexOf(Outgoing, id) >= 0;

    /// <summary>Bytes of the encoding.</summary>
    public int EncodedBytes => 7 + 8 * (Voters.Length + Outgoing.Length + Learners.Length);

    /// <summary>Version, three counts (u16), then the ids (i64), little-endian.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[EncodedBytes];
        bytes[0] = Version;
        var at = 7;
        long[][] lists = [Voters, Outgoing, Learners];
        for (var i = 0; i < lists.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(1 + 2 * i), (ushort)lists[i].Length);
            foreach (var id in lists[i])
            {
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), id);
                at += 8;
            }
        }
        return bytes;
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; null for anything else.</summary>
    public static Membership? TryDecode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 7 || bytes[0] != Version)
            return null;
        var lists = new long[3][];
        var at = 7;
        for (var i = 0; i < 3; i++)
        {
            var count = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(1 + 2 * i)..]);
            if (bytes.Length - at < 8 * count)
                return null;
            lists[i] = new long[count];
            for (var j = 0; j < count; j++, at += 8)
            {
                lists[i][j] = BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
                if (lists[i][j] <= (j == 0 ? 0 : lists[i][j - 1]))
                    return null;
            }
        }
        var isSound = at == bytes.Length && lists[0].Length > 0 && !lists[0].Intersect(lists[2]).Any()
            && lists.Sum(l => l.Length) <= MembersMax;
        return isSound ? new Membership(lists[0], lists[1], lists[2]) : null;
    }

    /// <inheritdoc/>
    public bool Equals(Membership? other) => other is not null && Voters.AsSpan().SequenceEqual(other.Voters)
        && Outgoing.AsSpan().SequenceEqual(other.Outgoing) && Learners.AsSpan().SequenceEqual(other.Learners);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Membership);

    /// <inheritdoc/>
    public override int GetHashCode() => Members.Aggregate(17, (hash, id) => hash * 31 + id.GetHashCode());

    /// <summary>For people: <c>(1 2 3) from (1 2) learners (4)</c>.</summary>
    public override string ToString() => $"({string.Join(' ', Voters)})"
        + (IsJoint ? $" from ({string.Join(' ', Outgoing)})" : "")
            + (Learners.Length > 0 ? $" learners ({string.Join(' ', Learners)})" : "");
}
