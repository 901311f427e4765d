using System.Text;

namespace Microcosm.Generator;

/// <summary>
/// Writes a look-up of names, ASCII letters of either case, without allocation: a switch on the length, then on the first eight bytes as
/// one number, then the other words are compared. Lengths are known in each case, so short names are read with two overlapping reads.
/// </summary>
internal static class LookupWriter
{
    private const string Read = "global::System.Buffers.Binary.BinaryPrimitives.ReadUInt";

    public static void Write(StringBuilder text, string signature, IEnumerable<(string Name, int Index)> names)
    {
        text.AppendLine($"    {signature}");
        text.AppendLine("    {");
        text.AppendLine("        switch (name.Length)");
        text.AppendLine("        {");
        foreach (var byLength in names.GroupBy(n => n.Name.Length).OrderBy(g => g.Key))
        {
            text.AppendLine($"            case {byLength.Key}:");
            text.AppendLine($"                switch (Upper({Head(byLength.Key)}))");
            text.AppendLine("                {");
            foreach (var byHead in byLength.GroupBy(n => Word(n.Name, 0)).OrderBy(g => g.Key))
                WriteHead(text, byHead.Key, [.. byHead]);
            text.AppendLine("                }");
            text.AppendLine("                return -1;");
        }
        text.AppendLine("        }");
        text.AppendLine("        return -1;");
        text.AppendLine("    }");
        text.AppendLine();
    }

    /// <summary>Writes what every look-up calls.</summary>
    public static void WriteUpper(StringBuilder text) => text.Append("""
            // Bytes 'a' to 'z' lose bit 5: adding 0x1f carries into bit 7 from 'a' on, adding 0x05 from '{' on; no byte reaches the next.
            // Bytes above ASCII may lose it too, but keep bit 7, so they match nothing.
            private static ulong Upper(ulong word)
            {
                var low = word & 0x7f7f7f7f7f7f7f7fUL;
                var letters = (low + 0x1f1f1f1f1f1f1f1fUL) & ~(low + 0x0505050505050505UL) & 0x8080808080808080UL;
                return word ^ (letters >> 2);
            }

        """.Replace("\r", ""));

    private static void WriteHead(StringBuilder text, ulong head, (string Name, int Index)[] names)
    {
        text.AppendLine($"                    case 0x{head:x}UL: // {string.Join(", ", names.Select(n => n.Name))}");
        foreach (var (name, index) in names)
        {
            var tail = Offsets(name.Length).Select(at => $"Upper({Read}64LittleEndian(name[{at}..])) == 0x{Word(name, at):x}UL").ToArray();
            text.AppendLine(tail.Length == 0
                ? $"                        return {index};"
                : $"                        if ({string.Join(" && ", tail)}) return {index};");
        }
        if (names[0].Name.Length > 8)
            text.AppendLine("                        break;");
    }

    // Where the words after the first begin; the last one ends with the name and may overlap the one before.
    private static IEnumerable<int> Offsets(int length)
    {
        for (var at = 8; at < length; at += 8)
            yield return Math.Min(at, length - 8);
    }

    // Bytes that two reads share are the same, so the reads can be joined with a plain "or".
    private static string Head(int length) => length switch
    {
        1 => "name[0]",
        2 => $"{Read}16LittleEndian(name)",
        3 => $"{Read}16LittleEndian(name) | (ulong)name[2] << 16",
        4 => $"{Read}32LittleEndian(name)",
        < 8 => $"{Read}32LittleEndian(name) | (ulong){Read}32LittleEndian(name[{length - 4}..]) << {8 * (length - 4)}",
        _ => $"{Read}64LittleEndian(name)",
    };

    private static ulong Word(string name, int at)
    {
        ulong word = 0;
        for (var i = Math.Min(8, name.Length - at) - 1; i >= 0; i--)
            word = (word << 8) | char.ToUpperInvariant(name[at + i]);
        return word;
    }
}
