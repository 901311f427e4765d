namespace Microcosm.Redis;

/// <summary>Splits a line as a shell would: "double quotes" with escapes, 'single quotes' without (sds.c <c>sdssplitargs</c>).</summary>
internal static class InlineQuotes
{
    /// <summary>False when a quote is not closed, or is followed by something other than a space.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> line, out List<byte[]> arguments)
    {
        arguments = [];
        var word = new List<byte>();
        var at = 0;
        while (true)
        {
            while (at < line.Length && char.IsWhiteSpace((char)line[at]))
                at++;
            if (at >= line.Length)
                return true;
            word.Clear();
            while (at < line.Length && !char.IsWhiteSpace((char)line[at]))
            {
                if (line[at] is (byte)'"' or (byte)'\'')
                {
                    if (!ReadQuoted(line, ref at, word))
                        return false;
                    break;
                }
                word.Add(line[at++]);
            }
            arguments.Add([.. word]);
        }
    }

    private static bool ReadQuoted(ReadOnlySpan<byte> line, ref int at, List<byte> word)
    {
        var quote = line[at++];
        while (at < line.Length)
        {
            var b = line[at++];
            if (b == quote)
                return at >= line.Length || char.IsWhiteSpace((char)line[at]);
            if (b != (byte)'\\' || at >= line.Length)
                word.Add(b);
            else if (quote == (byte)'"')
                word.Add(Unescape(line, ref at));
            else if (line[at] == (byte)'\'')
                word.Add(line[at++]);
            else
                word.Add(b);
        }
        return false;
    }

    private static byte Unescape(ReadOnlySpan<byte> line, ref int at)
    {
        var b = line[at++];
        if (b == (byte)'x' && at + 1 < line.Length && char.IsAsciiHexDigit((char)line[at]) && char.IsAsciiHexDigit((char)line[at + 1]))
        {
            var value = Convert.ToByte(((char)line[at]).ToString() + (char)line[at + 1], 16);
            at += 2;
            return value;
        }
        return b switch
        {
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            (byte)'b' => (byte)'\b',
            (byte)'a' => (byte)'\a',
            _ => b,
        };
    }
}
