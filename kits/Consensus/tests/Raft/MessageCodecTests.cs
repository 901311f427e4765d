using System.Buffers;
using Microcosm.Runtime;

namespace Microcosm.Consensus.Tests.Raft;

/// <summary>Messages come back as they were sent, and bytes that are none are refused without harm.</summary>
public class MessageCodecTests
{
    [Fact]
    public void Every_kind_comes_back_as_it_was()
    {
        var random = new RandomStream(1);
        for (var i = 0; i < 2_000; i++)
        {
            var message = Any(random);
            var back = RaftMessageCodec.TryDecode(Bytes(message));
            Assert.NotNull(back);
            Assert.Equal(Text(message), Text(back));
            Assert.Equal(RaftMessageCodec.EncodedBytes(message), Bytes(message).Length);
        }
    }

    [Fact]
    public void A_part_of_a_message_is_none_and_neither_is_more_than_one()
    {
        var random = new RandomStream(2);
        for (var i = 0; i < 50; i++)
        {
            var bytes = Bytes(Any(random));
            for (var length = 0; length < bytes.Length; length++)
                Assert.Null(RaftMessageCodec.TryDecode(bytes.AsSpan(0, length)));
            Assert.Null(RaftMessageCodec.TryDecode([.. bytes, 0]));
        }
    }

    [Fact]
    public void Damaged_bytes_never_throw_and_never_make_much()
    {
        var random = new RandomStream(3);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Bytes(Any(random));
            for (var j = random.Next(1, 6); j > 0; j--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            RaftMessageCodec.TryDecode(bytes);
        }
        // A length or count that is believed would allocate gigabytes.
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 500_000_000);
    }

    [Fact]
    public void Another_version_is_refused()
    {
        var bytes = Bytes(Any(new RandomStream(4)));
        bytes[0]++;
        Assert.Null(RaftMessageCodec.TryDecode(bytes));
    }

    private static RaftMessage Any(RandomStream random)
    {
        var kind = (MessageKind)random.Next(1, 14);
        var index = random.Next(1_000L);
        var entries = kind == MessageKind.Append ? random.Next(5) : 0;
        return new RaftMessage
        {
            Kind = kind, From = 1 + random.Next(9L), To = 1 + random.Next(9L), Term = random.Next(long.MaxValue), Index = index,
            LogTerm = random.Next(99L), Commit = random.Next(99L), Round = random.Next(99L), Context = (long)random.NextUInt64(),
            Offset = random.Next(99L), Hint = random.Next(99L), HintTerm = random.Next(99L), IsReject = random.Chance(0.5),
            IsForced = random.Chance(0.5), IsLast = random.Chance(0.5),
            Membership = kind == MessageKind.Snapshot ? new Membership([1, 2, 3], [1, 2], [7]) : null,
            Data = kind == MessageKind.Snapshot ? Payload(random) : default,
            Entries = [.. Enumerable.Range(1, entries).Select(i => Entry(random, index + i))],
        };
    }

    private static RaftEntry Entry(RandomStream random, long index) => random.Chance(0.3)
        ? new(index, 1 + random.Next(9L), EntryKind.Membership, new Membership([1, 2], learners: [3]).Encode())
        : new(index, 1 + random.Next(9L), EntryKind.Command, Payload(random));

    private static byte[] Payload(RandomStream random)
    {
        var bytes = new byte[random.Next(40)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Bytes(RaftMessage message)
    {
        var output = new ArrayBufferWriter<byte>();
        RaftMessageCodec.Encode(message, output);
        return output.WrittenSpan.ToArray();
    }

    private static string Text(RaftMessage m) => $"{m with { Entries = [], Data = default, Membership = null }} {m.Membership} "
        + $"{Convert.ToHexString(m.Data.Span)} "
        + string.Join(' ', m.Entries.Select(e => $"{e.Index}/{e.Term} {e.Kind} {Convert.ToHexString(e.Data.Span)}"));
}
