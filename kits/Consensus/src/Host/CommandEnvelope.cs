using System.Buffers.Binary;
using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// What stands before a command in its entry: who proposed it (i64) and a number that this member gives once, over its restarts too (i64),
/// little-endian. So it knows its command again when it is applied, whatever became of the leader's answer.
/// </summary>
internal static class CommandEnvelope
{
    public const int Bytes = 16;

    public static byte[] Put(long proposer, long sequence, ReadOnlySpan<byte> command)
    {
        var data = new byte[Bytes + command.Length];
        BinaryPrimitives.WriteInt64LittleEndian(data, proposer);
        BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(8), sequence);
        command.CopyTo(data.AsSpan(Bytes));
        return data;
    }

    public static (long Proposer, long Sequence) Read(ReadOnlySpan<byte> data)
    {
        Invariant.Check(data.Length >= Bytes, "a command of a host has an envelope");
        return (BinaryPrimitives.ReadInt64LittleEndian(data), BinaryPrimitives.ReadInt64LittleEndian(data[8..]));
    }
}
