using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// Reads requests: RESP arrays of bulk strings, or inline commands. Pure: looks at a span, keeps the slices of the command found and, while
/// a command is unfinished, how far it got, so that a huge one that trickles in costs time linear in its length.
/// Limits and error texts are those of Redis 7.0 (networking.c).
/// </summary>
internal sealed class RespReader
{
    /// <summary>Longest inline command and longest length line, bytes (<c>PROTO_INLINE_MAX_SIZE</c>).</summary>
    [Limit("inline")]
    public const int InlineBytesMax = 64 * 1024;

    private ArgSlice[] _slices = new ArgSlice[16];

    // Of an unfinished command, offsets from its front: how many arguments it will have (0: its first line is unfinished), where the next
    // one begins, and up to where the end of the present line was looked for.
    private int _wanted;
    private int _next;
    private int _searched;

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

    /// <summary>
    /// Looks at the front of <paramref name="input"/>. <paramref name="taken"/> is the length of what was found. After
    /// <see cref="RespParse.NeedMore"/> the next input is the same bytes and more: what was understood is not looked at again.
    /// </summary>
    public RespParse Read(ReadOnlySpan<byte> input, out int taken)
    {
        taken = 0;
        Decoded = null;
        if (_wanted == 0)
            Count = 0;
        if (input.IsEmpty)
            return RespParse.NeedMore;
        var found = _wanted > 0 || input[0] == (byte)'*' ? ReadArray(input, out taken) : ReadInline(input, out taken);
        if (found != RespParse.NeedMore)
            (_wanted, _next, _searched) = (0, 0, 0);
        return found;
    }

    private RespParse ReadArray(ReadOnlySpan<byte> input, out int taken)
    {
        taken = 0;
        if (_wanted == 0)
        {
            var end = 1;
            switch (ReadLength(input, ref end, out var count))
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
                taken = end;
                return RespParse.Nothing;
            }
            (_wanted, _next) = ((int)count, end);
        }
        var found = ReadArguments(input);
        if (found == RespParse.Command)
            taken = _next;
        return found;
    }

    private RespParse ReadArguments(ReadOnlySpan<byte> input)
    {
        while (Count < _wanted)
        {
            var at = _next + 1;
            // The line's end is looked for before its first byte, as Redis does: "*1\r\n+" waits.
            switch (ReadLength(input, ref at, out var length))
            {
                case Line.Missing:
                    return input.Length - _next > InlineBytesMax ? Fault("too big bulk count string") : RespParse.NeedMore;
                case Line.Good or Line.Bad when input[_next] != (byte)'$':
                    return Fault($"expected '$', got '{(char)input[_next]}'");
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
            _next = at + (int)length + 2;
        }
        return RespParse.Command;
    }

    private RespParse ReadInline(ReadOnlySpan<byte> input, out int taken)
    {
        taken = 0;
        // Redis looks with strchr, which sees nothing behind a zero byte: such a line has no end.
        var end = FindEnd(input, 0, (byte)'\n');
        if (end < 0)
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
    private Line ReadLength(ReadOnlySpan<byte> input, ref int at, out long value)
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
        var start = at;
        var end = FindEnd(input, at - 1, (byte)'\r');
        if (end < 0 || end + 1 >= input.Length)
            return Line.Missing;
        at = end + 2;
        return end > start && RedisNumber.TryParse(input[start..end], out value) ? Line.Good : Line.Bad;
    }

    // Where the line that begins at the start ends; -1 when it does not yet, or a zero byte comes first.
    private int FindEnd(ReadOnlySpan<byte> input, int start, byte ending)
    {
        var from = Math.Max(start, _searched);
        var end = input[from..].IndexOfAny(ending, (byte)0);
        _searched = end < 0 ? input.Length : from + end;
        return end < 0 || input[_searched] == 0 ? -1 : _searched;
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
