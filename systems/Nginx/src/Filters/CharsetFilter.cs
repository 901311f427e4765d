using System.Buffers;
using System.Globalization;

namespace Microcosm.Nginx;

/// <summary><c>charset</c>: says in which charset a body is, and recodes it to that (nginx: ngx_http_charset_filter).</summary>
internal sealed class CharsetFilter : BodyFilter
{
    private const int CharacterBytesMax = 4;

    private readonly CharsetMap _map;
    private readonly bool _isBack;
    private readonly byte[] _cut = new byte[CharacterBytesMax];
    private readonly byte[][] _characters;
    private readonly ArrayBufferWriter<byte> _output = new();
    private int _cutBytes;

    private CharsetFilter(CharsetMap map, bool isBack) =>
        (_map, _isBack, _characters) = (map, isBack, isBack ? map.Backward : map.Forward);

    /// <summary>A filter where the body is to be recoded.</summary>
    public static CharsetFilter? TryBegin(HttpRequest request)
    {
        var (response, level) = (request.Response, request.Level);
        if (Target(request) is not { Length: > 0 } to)
            return null;
        if ((response.Charset ?? Text(level.Get(CharsetModule.SourceCharset), request)) is not { } from)
        {
            Set(response, to);
            return null;
        }
        if (Latin1.EqualsIgnoreCase(from, to))
        {
            response.StripCharset();
            Set(response, to);
            return null;
        }
        if (!response.Headers[Http.KnownHeader.ContentEncoding].IsEmpty)
            return null;
        foreach (var map in level.Get(CharsetModule.Maps))
        {
            if (!map.IsBetween(from, to))
                continue;
            response.StripCharset();
            Set(response, to);
            if (map.IsUtf8)
                response.ContentLength = -1;
            return new CharsetFilter(map, isBack: Latin1.EqualsIgnoreCase(map.To, from));
        }
        request.LogError(LogLevel.Error, $"no \"charset_map\" between the charsets \"{from}\" and \"{to}\"");
        return null;
    }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        _output.ResetWrittenCount();
        if (_map.IsUtf8 && _isBack)
            FromUtf8(bytes);
        else
            Recode(bytes);
        if (_output.WrittenCount > 0)
            Next.Write(_output.WrittenSpan);
    }

    private static string? Target(HttpRequest request)
    {
        var (response, level) = (request.Response, request.Level);
        // What stands in another body has that one's charset.
        if (request.Parent is not null)
            return request.Origin.Response.Charset;
        if (response.ContentType is not { Length: > 0 })
            return null;
        if (response.CharsetOverride is { Length: > 0 } other)
        {
            if (IsKnown(level, other))
                return other;
            request.LogError(LogLevel.Error, $"unknown charset \"{other}\" to override");
            return null;
        }
        if (level.Get(CharsetModule.Charset) is not { } charset || ReferenceEquals(charset, ComplexValue.Empty))
            return null;
        if (response.Charset is not null ? !level.Get(CharsetModule.OverrideCharset)
            : !ContentTypes.IsOneOf(response, level.Get(CharsetModule.CharsetTypes)))
            return null;
        return Text(charset, request);
    }

    private static bool IsKnown(Level level, string name)
    {
        foreach (var map in level.Get(CharsetModule.Maps))
        {
            if (Latin1.EqualsIgnoreCase(map.From, name) || Latin1.EqualsIgnoreCase(map.To, name))
                return true;
        }
        foreach (var known in level.Get(CharsetModule.Names))
        {
            if (Latin1.EqualsIgnoreCase(known, name))
                return true;
        }
        return false;
    }

    private static string? Text(ComplexValue? value, HttpRequest request) =>
        value is null ? null : value.IsLiteral ? value.Source : Latin1.Text(value.Evaluate(request.Values).Span);

    // A redirect tells none.
    private static void Set(Response response, string charset) => response.Charset = response.Status is 301 or 302 ? null : charset;

    private void Recode(ReadOnlySpan<byte> bytes)
    {
        var room = _output.GetSpan(bytes.Length * CharacterBytesMax);
        var made = 0;
        foreach (var b in bytes)
        {
            var character = _characters[b];
            if (character.Length == 1)
            {
                room[made++] = character[0];
                continue;
            }
            character.CopyTo(room[made..]);
            made += character.Length;
        }
        _output.Advance(made);
    }

    private void FromUtf8(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int character, used;
            if (_cutBytes > 0)
            {
                // A character that the piece before began.
                var more = Math.Min(CharacterBytesMax - _cutBytes, bytes.Length);
                bytes[..more].CopyTo(_cut.AsSpan(_cutBytes));
                character = Utf8.Decode(_cut.AsSpan(0, _cutBytes + more), out used);
                if (character == Utf8.Cut)
                {
                    _cutBytes += more;
                    return;
                }
                bytes = bytes[Math.Max(0, used - _cutBytes)..];
                _cutBytes = 0;
            }
            else
            {
                var plain = bytes.IndexOfAnyExceptInRange((byte)0, (byte)0x7f);
                _output.Write(plain < 0 ? bytes : bytes[..plain]);
                if (plain < 0)
                    return;
                bytes = bytes[plain..];
                character = Utf8.Decode(bytes, out used);
                if (character == Utf8.Cut)
                {
                    bytes.CopyTo(_cut);
                    _cutBytes = bytes.Length;
                    return;
                }
                bytes = bytes[used..];
            }
            Put(character);
        }
    }

    private void Put(int character)
    {
        if (character is < 0 or > 0x10ffff)
            _output.Write("?"u8);
        else if (_map.TryBack(character, out var value))
            _output.Write([value]);
        else
            _output.Write(Latin1.Bytes(string.Create(CultureInfo.InvariantCulture, $"&#{character};")));
    }
}
