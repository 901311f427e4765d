using System.Buffers;

namespace Microcosm.Nginx;

/// <summary>
/// A request's path made plain: escapes removed, <c>.</c> and <c>..</c> followed, slashes merged, the fragment dropped (nginx:
/// ngx_http_parse_complex_uri). What leads above the root, a zero byte and a broken escape are refused.
/// </summary>
internal static class UriPath
{
    /// <summary>What was found on the way.</summary>
    /// <param name="HadEscapes">Percent escapes were in the path.</param>
    /// <param name="HadPlus">Plus signs were in the path.</param>
    public readonly record struct Traits(bool HadEscapes, bool HadPlus);

    /// <summary>
    /// Writes the plain path to <paramref name="output"/>. <paramref name="arguments"/> is what follows the question mark. False: 400.
    /// </summary>
    public static bool TryNormalize(
        ReadOnlySpan<byte> target, bool mergesSlashes, IBufferWriter<byte> output, out ReadOnlySpan<byte> arguments, out Traits traits)
    {
        arguments = default;
        traits = default;
        var fragment = target.IndexOf((byte)'#');
        if (fragment >= 0)
            target = target[..fragment];
        var question = target.IndexOf((byte)'?');
        if (question >= 0)
        {
            arguments = target[(question + 1)..];
            target = target[..question];
        }
        if (target.IsEmpty || target[0] != '/')
            return false;
        var plain = output.GetSpan(target.Length + 1);
        var length = Decode(target, mergesSlashes, plain, out traits);
        if (length < 0)
            return false;
        output.Advance(length);
        return true;
    }

    // Writes segment by segment; each ends before its slash. -1: refused.
    private static int Decode(ReadOnlySpan<byte> path, bool mergesSlashes, Span<byte> plain, out Traits traits)
    {
        var (length, segment, escapes, plus) = (0, 0, false, false);
        traits = default;
        for (var i = 0; i <= path.Length; i++)
        {
            var isEnd = i == path.Length;
            var value = isEnd ? (byte)'/' : path[i];
            var isSlash = isEnd || value == '/';
            if (!isEnd && value == '%')
            {
                if (i + 2 >= path.Length
                    || UriEscape.Hex(path[i + 1]) is not (>= 0 and var high)
                    || UriEscape.Hex(path[i + 2]) is not (>= 0 and var low))
                    return -1;
                value = (byte)(high * 16 + low);
                i += 2;
                escapes = true;
                isSlash = value == '/';
                if (value == 0)
                    return -1;
            }
            plus |= !isEnd && value == '+';
            if (!isSlash)
            {
                plain[length++] = value;
                continue;
            }
            if (!EndSegment(plain, ref length, segment, mergesSlashes, isEnd))
                return -1;
            segment = length;
        }
        traits = new Traits(escapes, plus);
        return length;
    }

    // A segment stands in [segment, length); before it stands its slash, unless it is the first.
    private static bool EndSegment(Span<byte> plain, ref int length, int segment, bool mergesSlashes, bool isEnd)
    {
        var name = plain[segment..length];
        if (name.SequenceEqual("."u8))
        {
            length = segment;
            return true;
        }
        if (name.SequenceEqual(".."u8))
        {
            if (segment < 2)
                return false;
            length = plain[..(segment - 1)].LastIndexOf((byte)'/') + 1;
            return true;
        }
        if (isEnd || (name.IsEmpty && segment > 0 && mergesSlashes))
            return true;
        plain[length++] = (byte)'/';
        return true;
    }
}
