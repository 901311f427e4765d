using System.Buffers.Text;
using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// Writes replies in the client's protocol, RESP2 or RESP3. Types that RESP2 lacks fall back as Redis' own do (a map to a flat array,
/// a double to a bulk string).
/// </summary>
internal sealed class RespWriter(OutputBuffer output)
{
    private readonly OutputBuffer _output = output;
    private OutputBuffer _to = output;
    private bool _isMuted;
    private bool _isPushing;

    /// <summary>2 or 3.</summary>
    public int Protocol { get; set; } = 2;

    /// <summary>True drops everything (CLIENT REPLY OFF, commands that are replayed).</summary>
    public bool IsMuted
    {
        get => _isMuted && !_isPushing;
        set => _isMuted = value;
    }

    /// <summary>Errors written so far.</summary>
    public long Errors { get; private set; }

    /// <summary>Text of the last error, without the dash.</summary>
    public string LastError { get; private set; } = "";

    /// <summary>Position in the output, to see whether a command wrote anything.</summary>
    public long Position => _to.Position;

    public void Ok() => Raw("+OK\r\n"u8);

    /// <summary>A simple string: short, without line breaks.</summary>
    public void Simple(string text) => Line((byte)'+', text);

    /// <summary>
    /// An error: <c>ERR …</c>, <c>WRONGTYPE …</c>. Line breaks become spaces. Each character is one byte, so that a client's bytes which
    /// the text repeats (<see cref="RedisCall.Quote"/>) leave as they came.
    /// </summary>
    public void Error(string text)
    {
        Errors++;
        LastError = text;
        if (IsMuted)
            return;
        var room = _to.GetSpan(text.Length + 3);
        room[0] = (byte)'-';
        var length = 1 + Encoding.Latin1.GetBytes(text, room[1..]);
        room[1..length].Replace((byte)'\r', (byte)' ');
        room[1..length].Replace((byte)'\n', (byte)' ');
        EndLine(room, length);
    }

    public void Integer(long value)
    {
        if (IsMuted)
            return;
        var room = _to.GetSpan(24);
        room[0] = (byte)':';
        if ((ulong)value < 10)
        {
            room[1] = (byte)('0' + value);
            EndLine(room, 2);
            return;
        }
        Utf8Formatter.TryFormat(value, room[1..], out var n);
        EndLine(room, n + 1);
    }

    /// <summary>A bulk string.</summary>
    public void Bulk(ReadOnlySpan<byte> bytes)
    {
        if (IsMuted)
            return;
        if (bytes.Length > 4096)
        {
            Header((byte)'$', bytes.Length);
            _to.Write(bytes);
            _to.Write("\r\n"u8);
            return;
        }
        var room = _to.GetSpan(bytes.Length + 12);
        room[0] = (byte)'$';
        int n;
        if (bytes.Length < 10)
        {
            room[1] = (byte)('0' + bytes.Length);
            n = 1;
        }
        else
        {
            Utf8Formatter.TryFormat(bytes.Length, room[1..], out n);
        }
        room[n + 1] = (byte)'\r';
        room[n + 2] = (byte)'\n';
        bytes.CopyTo(room[(n + 3)..]);
        EndLine(room, n + 3 + bytes.Length);
    }

    /// <summary>A bulk string of text.</summary>
    public void Bulk(string text) => Bulk(Encoding.UTF8.GetBytes(text));

    /// <summary>An element of a collection as a bulk string.</summary>
    public void Bulk(Element element)
    {
        if (element.IsInteger)
            BulkInteger(element.Integer);
        else
            Bulk(element.Bytes);
    }

    /// <summary>An integer as a bulk string.</summary>
    public void BulkInteger(long value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var n);
        Bulk(digits[..n]);
    }

    /// <summary>No value: null bulk in RESP2, <c>_</c> in RESP3.</summary>
    public void Null() => Raw(Protocol == 2 ? "$-1\r\n"u8 : "_\r\n"u8);

    /// <summary>No array: null array in RESP2, <c>_</c> in RESP3.</summary>
    public void NullArray() => Raw(Protocol == 2 ? "*-1\r\n"u8 : "_\r\n"u8);

    public void Array(int count) => Header((byte)'*', count);

    /// <summary>A map of <paramref name="pairs"/> pairs; in RESP2 a flat array of twice as many.</summary>
    public void Map(int pairs) => Header(Protocol == 2 ? (byte)'*' : (byte)'%', Protocol == 2 ? pairs * 2 : pairs);

    public void Set(int count) => Header(Protocol == 2 ? (byte)'*' : (byte)'~', count);

    /// <summary>An out-of-band message; in RESP2 an array.</summary>
    public void Push(int count) => Header(Protocol == 2 ? (byte)'*' : (byte)'>', count);

    /// <summary>An out-of-band message that leaves even while replies are muted (<c>CLIENT_PUSHING</c>), up to
    /// <see cref="EndPush"/>.</summary>
    public void BeginPush(int count)
    {
        _isPushing = true;
        Push(count);
    }

    public void EndPush() => _isPushing = false;

    /// <summary>Attributes of the reply that follows; RESP3 only.</summary>
    public void Attribute(int pairs) => Header((byte)'|', pairs);

    public void Bool(bool value)
    {
        if (Protocol == 2)
            Integer(value ? 1 : 0);
        else
            Raw(value ? "#t\r\n"u8 : "#f\r\n"u8);
    }

    /// <summary>A double: <c>,3.14</c> in RESP3, a bulk string in RESP2, 17 significant digits as Redis 7.0 prints it.</summary>
    public void Double(double value)
    {
        if (Protocol != 2)
        {
            Line((byte)',', RedisNumber.Format(value));
            return;
        }
        Span<byte> text = stackalloc byte[RedisNumber.DoubleBytesMax];
        Bulk(text[..RedisNumber.Format(value, text)]);
    }

    /// <summary>A number too big for 64 bits, in decimal; a bulk string in RESP2.</summary>
    public void BigNumber(string digits)
    {
        if (Protocol == 2)
            Bulk(digits);
        else
            Line((byte)'(', digits);
    }

    /// <summary>Text with a three-letter format (<c>txt</c>, <c>mkd</c>); a bulk string in RESP2.</summary>
    public void Verbatim(string text, string format = "txt")
    {
        if (Protocol == 2)
        {
            Bulk(text);
            return;
        }
        var bytes = Encoding.UTF8.GetBytes(text);
        Header((byte)'=', bytes.Length + 4);
        Raw(Encoding.ASCII.GetBytes(format + ":"));
        Raw(bytes);
        Raw("\r\n"u8);
    }

    /// <summary>Bytes that are protocol already.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        if (!IsMuted)
            _to.Write(bytes);
    }

    /// <summary>
    /// For replies whose length is known last: what is written from here goes to a side buffer, which <see cref="EndDeferred"/> appends
    /// after the header that is written then. May nest.
    /// </summary>
    public OutputBuffer BeginDeferred()
    {
        var outer = _to;
        _to = new OutputBuffer();
        return outer;
    }

    /// <summary>Ends a deferred reply: <paramref name="header"/> writes <c>Array(n)</c>, <c>Map(n)</c> …; then the body follows.</summary>
    public void EndDeferred(OutputBuffer outer, Action<RespWriter> header)
    {
        var body = _to;
        _to = outer;
        header(this);
        CopyOut(body);
    }

    /// <summary>Ends a deferred array of <paramref name="count"/> elements.</summary>
    public void EndDeferredArray(OutputBuffer outer, int count)
    {
        var body = _to;
        _to = outer;
        Array(count);
        CopyOut(body);
    }

    private void CopyOut(OutputBuffer body)
    {
        while (body.Length > 0)
        {
            var front = body.Front(long.MaxValue);
            Raw(front.Span);
            body.Consume(front.Length);
        }
    }

    private void Header(byte kind, int count)
    {
        if (IsMuted)
            return;
        var room = _to.GetSpan(16);
        room[0] = kind;
        Utf8Formatter.TryFormat(count, room[1..], out var n);
        EndLine(room, n + 1);
    }

    private void Line(byte kind, string text)
    {
        if (IsMuted)
            return;
        var room = _to.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length) + 3);
        room[0] = kind;
        EndLine(room, 1 + Encoding.UTF8.GetBytes(text, room[1..]));
    }

    private void EndLine(Span<byte> room, int length)
    {
        room[length] = (byte)'\r';
        room[length + 1] = (byte)'\n';
        _to.Advance(length + 2);
    }
}
