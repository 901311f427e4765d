using System.Text;

namespace Microcosm.Specimen.Tests;

/// <summary>Bytes to lines: golden ones, and any.</summary>
public sealed class LineReaderTests
{
    private const int BytesMax = 16;

    [Theory]
    [InlineData("PING\nrest", "Line", "PING", 5)]
    [InlineData("PING\r\n", "Line", "PING", 6)]
    [InlineData("\n", "Line", "", 1)]
    [InlineData("PING", "NeedMore", "", 0)]
    [InlineData("0123456789abcdef", "NeedMore", "", 0)]
    [InlineData("0123456789abcdef\r", "NeedMore", "", 0)]
    [InlineData("0123456789abcdef\r\n", "Line", "0123456789abcdef", 18)]
    [InlineData("0123456789abcdefg", "TooLong", "", 0)]
    [InlineData("a\0b\n", "NotText", "a\0b", 4)]
    public void A_line_is_read_with_its_end(string input, string found, string line, int taken)
    {
        Assert.Equal(found, LineReader.Read(Encoding.UTF8.GetBytes(input), BytesMax, out var read, out var count).ToString());
        Assert.Equal((line, taken), (read, count));
    }

    /// <summary>However the bytes come, the same lines are found.</summary>
    [Theory, Microcosm.Testing.Seeds(50)]
    public void Any_bytes_in_any_pieces_give_the_same_lines(ulong seed)
    {
        var random = new Random((int)seed);
        var bytes = new byte[200];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(random.Next(8) == 0 ? '\n' : random.Next(256));
        Assert.Equal(Lines(bytes, [bytes.Length]), Lines(bytes, [.. Enumerable.Range(1, bytes.Length)]));
    }

    private static List<string> Lines(byte[] bytes, int[] ends)
    {
        var lines = new List<string>();
        var taken = 0;
        foreach (var end in ends)
        {
            while (LineReader.Read(bytes.AsSpan(taken..end), bytes.Length, out var line, out var length) is var found
                && found != LineParse.NeedMore)
            {
                lines.Add($"{found} {line}");
                taken += length;
            }
        }
        return lines;
    }
}
