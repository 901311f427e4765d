using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>A command that outlives the request it came in: queued by MULTI, blocked, or made by another command.</summary>
internal sealed class StoredCommand
{
    public StoredCommand(Operation<RedisCommandAttribute, RedisHandler> operation, ReadOnlySpan<byte> bytes, ReadOnlySpan<ArgSlice> slices)
    {
        Operation = operation;
        var first = slices[0].Start;
        var end = slices[^1].Start + slices[^1].Length;
        Bytes = bytes[first..end].ToArray();
        Slices = new ArgSlice[slices.Length];
        for (var i = 0; i < slices.Length; i++)
            Slices[i] = new ArgSlice(slices[i].Start - first, slices[i].Length);
    }

    public Operation<RedisCommandAttribute, RedisHandler> Operation { get; }

    public byte[] Bytes { get; }

    public ArgSlice[] Slices { get; }

    /// <summary>Lays arguments side by side.</summary>
    public static byte[] Join(ReadOnlySpan<byte[]> arguments, out ArgSlice[] slices)
    {
        slices = new ArgSlice[arguments.Length];
        var length = 0;
        for (var i = 0; i < arguments.Length; i++)
        {
            slices[i] = new ArgSlice(length, arguments[i].Length);
            length += arguments[i].Length;
        }
        var bytes = new byte[length];
        for (var i = 0; i < arguments.Length; i++)
            arguments[i].CopyTo(bytes.AsSpan(slices[i].Start));
        return bytes;
    }

    public override string ToString() => string.Join(' ', Slices.Select(s => Encoding.Latin1.GetString(Bytes, s.Start, s.Length)));
}
