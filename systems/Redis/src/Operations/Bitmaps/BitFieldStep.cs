using System.Globalization;

namespace Microcosm.Redis;

/// <summary>One GET, SET or INCRBY of a BITFIELD.</summary>
internal sealed record BitFieldStep(BitFieldKind Kind, bool IsSigned, int Width, long Offset, long Value, char Overflow)
{
    /// <summary>Reads all subcommands, or answers the error and returns null.</summary>
    public static List<BitFieldStep>? ParseAll(ref RedisCall call)
    {
        var steps = new List<BitFieldStep>();
        var overflow = 'w';
        for (var i = 2; i < call.Count; i++)
        {
            var left = call.Count - i - 1;
            BitFieldKind? kind = call.Is(i, "GET"u8) && left >= 2 ? BitFieldKind.Get
                : call.Is(i, "SET"u8) && left >= 3 ? BitFieldKind.Set
                : call.Is(i, "INCRBY"u8) && left >= 3 ? BitFieldKind.IncrBy
                : null;
            if (kind is null)
            {
                if (!call.Is(i, "OVERFLOW"u8) || left < 1)
                {
                    call.SyntaxError();
                    return null;
                }
                i++;
                overflow = call.Is(i, "WRAP"u8) ? 'w' : call.Is(i, "SAT"u8) ? 's' : call.Is(i, "FAIL"u8) ? 'f' : '?';
                if (overflow == '?')
                {
                    call.Reply.Error("ERR Invalid OVERFLOW type specified");
                    return null;
                }
                continue;
            }
            if (!TryType(ref call, i + 1, out var signed, out var width) || !TryOffset(ref call, i + 2, width, out var offset))
                return null;
            var value = 0L;
            if (kind != BitFieldKind.Get && !call.TryInteger(i + 3, out value))
                return null;
            steps.Add(new BitFieldStep(kind.Value, signed, width, offset, value, overflow));
            i += kind == BitFieldKind.Get ? 2 : 3;
        }
        return steps;
    }

    /// <summary>Carries the step out and writes its reply; true if the field changed.</summary>
    public bool Apply(Span<byte> bytes, RespWriter reply)
    {
        var old = Read(bytes);
        if (Kind == BitFieldKind.Get)
        {
            reply.Integer((long)old);
            return false;
        }
        var wanted = Kind == BitFieldKind.Set ? Value : old + Value;
        var min = IsSigned ? -(Int128.One << (Width - 1)) : 0;
        var max = IsSigned ? (Int128.One << (Width - 1)) - 1 : (Int128.One << Width) - 1;
        // A SET value of an unsigned field is taken as the 64 bits it is.
        if (Kind == BitFieldKind.Set && !IsSigned)
            wanted = (Int128)(ulong)Value;
        if (wanted < min || wanted > max)
        {
            if (Overflow == 'f')
            {
                reply.Null();
                return false;
            }
            if (Overflow == 's')
                wanted = wanted < min ? min : max;
        }
        Bits.SetField(bytes, Offset, Width, (ulong)(UInt128)(wanted & ((Int128.One << Width) - 1)));
        var now = Read(bytes);
        reply.Integer((long)(Kind == BitFieldKind.Set ? old : now));
        return now != old;
    }

    private Int128 Read(ReadOnlySpan<byte> bytes)
    {
        var raw = Bits.Field(bytes, Offset, Width);
        if (!IsSigned || Width == 64)
            return IsSigned ? (long)raw : (Int128)raw;
        return (raw & (1UL << (Width - 1))) != 0 ? (Int128)raw - (Int128.One << Width) : raw;
    }

    private static bool TryType(ref RedisCall call, int index, out bool signed, out int width)
    {
        var text = call.Text(index);
        signed = text.Length > 0 && text[0] == 'i';
        width = 0;
        if (text.Length > 1 && text[0] is 'i' or 'u'
            && int.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out width) && width >= 1
                && width <= (signed ? 64 : 63))
            return true;
        call.Reply.Error("ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.");
        return false;
    }

    private static bool TryOffset(ref RedisCall call, int index, int width, out long offset)
    {
        var text = call[index];
        var hashed = text.Length > 0 && text[0] == (byte)'#';
        var scale = hashed ? width : 1;
        if (RedisNumber.TryParse(hashed ? text[1..] : text, out offset) && offset >= 0 && offset <= Bits.OffsetMax / scale
            && (offset *= scale) + width - 1 <= Bits.OffsetMax)
            return true;
        call.Reply.Error("ERR bit offset is not an integer or out of range");
        return false;
    }
}
