namespace Microcosm.Redis;

/// <summary>
/// Reads requests: RESP arrays of bulk strings, or inline commands. Pure: looks at a span, keeps nothing between calls but the slices of
/// the command found. Limits and error texts are those of Redis 7.0 (networking.c).
/// </summary>
internal sealed class RespReader
{
    /// <summary>Longest inline command and longest length line, bytes (<c>PROTO_INLINE_MAX_SIZE</c>).</summary>
    public const int InlineBytesMax = 64 * 1024;

    private ArgSlice[] _slices = new ArgSlice[16];

    /// <summary>Largest bulk string, bytes (<c>proto-max-bulk-len</c>).</summary>
    public long BulkBytesMax { get; set; } = 512L * 1024 * 1024;

    /// <summary>Tighter limits hold until the client has authenticated: 10 arguments of 16 KiB.</summary>
    public bool IsUnauthenticated { get; set; }

    /// <summary>Number of arguments of the command found, its name included.</summary>
    public int Count { get; private set; }

    /// <summary>The text after <c>ERR Protocol error: </c>.</summary>
    public string Error { get; private set; } = "";

    /// <summary>Bytes that arguments lie in: the request itself, or for a quoted inline command a decoded copy.</summary>
    public byte[]? Decoded { get; private set; }

    /// <summary>The arguments of the command found.</summary>
    public ReadOnlySpan<ArgSlice> Slices => _slices.AsSpan(0, Count);

    /// <summary>Looks at the front of <paramref name="input"/>. <paramref name="taken"/> is the length of what was found.</summary>
    public RespParse Read(ReadOnlySpan<byte> input, out int taken)
    {
        taken = 0;
        Count = 0;
        Decoded = null;
        if (input.IsEmpty)
            return RespParse.NeedMore;
        return input[0] == (byte)'*' ? ReadArray(input, out taken) : ReadInline(input, out taken);
    }

    private RespParse ReadArray(ReadOnlySpan<byte> input, out int taken)
    {
        taken = 0;
        var at = 1;
        switch (ReadLength(input, ref at, out var count))
        {
            case Line.Missing:
                return input.Length > InlineBytesMax ? Fault("too big mbulk count string") : RespParse.NeedMore;
            case Line.Bad:
                return Fault("invalid multibulk length");
        }
        if (count > int.MaxValue)
            return Fault("invalid multibulk length");
        if (IsUnauthenticated && count > 10)
            return Fault("unauthenticated multibulk length");
        if (count <= 0)
        {
            taken = at;
            return RespParse.Nothing;
        }
        for (var i = 0; i < count; i++)
        {
            var lineStart = at;
            at++;
            // The line's end is looked for before its first byte, as Redis does: "*1\r\n+" waits.
            switch (ReadLength(input, ref at, out var length))
            {
                case Line.Missing:
                    return input.Length - lineStart > InlineBytesMax ? Fault("too big bulk count string") : RespParse.NeedMore;
                case Line.Good or Line.Bad when input[lineStart] != (byte)'$':
                    return Fault($"expected '$', got '{(char)input[lineStart]}'");
                case Line.Bad:
                    return Fault("invalid bulk length");
            }
            if (length < 0 || length > BulkBytesMax)
                return Fault("invalid bulk length");
            if (IsUnauthenticated && length > 16384)
                return Fault("unauthenticated bulk length");
            if (input.Length - at < length + 2)
                return RespParse.NeedMore;
            Add(at, (int)length);
            at += (int)length + 2;
        }
        taken = at;
        return RespParse.Command;
    }

    private RespParse ReadInline(ReadOnlySpan<byte> input, out int taken)
    {
        taken = 0;
        // Redis looks with strchr, which sees nothing behind a zero byte: such a line has no end.
        var end = input.IndexOfAny((byte)'\n', (byte)0);
        if (end < 0 || input[end] == 0)
            return input.Length > InlineBytesMax ? Fault("too big inline request") : RespParse.NeedMore;
        taken = end + 1;
        var line = input[..end];
        if (line.Length > 0 && line[^1] == (byte)'\r')
            line = line[..^1];
        if (line.IndexOfAny((byte)'"', (byte)'\'') >= 0)
            return ReadQuoted(line);
        for (var at = 0; at < line.Length;)
        {
            if (IsSpace(line[at]))
            {
                at++;
                continue;
            }
            var start = at;
            while (at < line.Length && !IsSpace(line[at]))
                at++;
            Add(start, at - start);
        }
        return Count == 0 ? RespParse.Nothing : RespParse.Command;
    }

    private RespParse ReadQuoted(ReadOnlySpan<byte> line)
    {
        if (!InlineQuotes.TrySplit(line, out var arguments))
            return Fault("unbalanced quotes in request");
        Decoded = new byte[arguments.Sum(a => a.Length)];
        var at = 0;
        foreach (var argument in arguments)
        {
            argument.CopyTo(Decoded, at);
            Add(at, argument.Length);
            at += argument.Length;
        }
        return Count == 0 ? RespParse.Nothing : RespParse.Command;
    }

    // Reads "<decimal>\r\n" at the position and moves behind it. The byte after '\r' is not looked at, nor is anything behind a zero byte
    // (strchr). Numbers are strict: no sign but '-', no leading zero (string2ll).
    private static Line ReadLength(ReadOnlySpan<byte> input, ref int at, out long value)
    {
        value = 0;
        if (at > input.Length)
            return Line.Missing;
        // From the byte before, the line's first: it may itself be what ends the line.
        var first = input[at - 1];
        var rest = input[at..];
        // The usual case first: one to three digits.
        for (var i = 0; i < rest.Length && i < 4 && first is (byte)'$' or (byte)'*'; i++)
        {
            var digit = rest[i] - (uint)'0';
            if (digit <= 9)
            {
                value = value * 10 + digit;
                continue;
            }
            if (rest[i] != (byte)'\r' || i == 0 || (rest[0] == (byte)'0' && i > 1))
                break;
            if (i + 1 >= rest.Length)
                return Line.Missing;
            at += i + 2;
            return Line.Good;
        }
        var line = input[(at - 1)..];
        var end = line.IndexOfAny((byte)'\r', (byte)0);
        if (end < 0 || line[end] == 0 || end + 1 >= line.Length)
            return Line.Missing;
        at += end + 1;
        return end > 1 && RedisNumber.TryParse(line[1..end], out value) ? Line.Good : Line.Bad;
    }

    private void Add(int start, int length)
    {
        if (Count == _slices.Length)
            Array.Resize(ref _slices, _slices.Length * 2);
        _slices[Count++] = new ArgSlice(start, length);
    }

    private RespParse Fault(string error)
    {
        Error = error;
        Count = 0;
        return RespParse.Fault;
    }

    private static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or 0x0b or 0x0c;

    private enum Line
    {
        Good,
        Missing,
        Bad,
    }
}
