using System.Text;

namespace Microcosm.Redis.Tests;

/// <summary>Requests, byte by byte and broken.</summary>
public sealed class RespReaderTests
{
    [Theory]
    [InlineData("*2\r\n$3\r\nGET\r\n$1\r\nk\r\n", "GET", "k")]
    [InlineData("GET k\r\n", "GET", "k")]
    [InlineData("GET   k  \n", "GET", "k")]
    [InlineData("SET \"a b\" 'c\\'d'\r\n", "SET", "a b", "c'd")]
    [InlineData("SET \"\\x41\\n\" \"\"\r\n", "SET", "A\n", "")]
    public void A_request_is_read_whole_and_not_before(string text, params string[] arguments)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        var reader = new RespReader();
        for (var n = 1; n < bytes.Length; n++)
            Assert.Equal(RespParse.NeedMore, reader.Read(bytes.AsSpan(0, n), out _));
        Assert.Equal(RespParse.Command, reader.Read(bytes, out var taken));
        Assert.Equal(bytes.Length, taken);
        var source = reader.Decoded ?? bytes;
        Assert.Equal(arguments, reader.Slices.ToArray().Select(s => Encoding.Latin1.GetString(source, s.Start, s.Length)));
    }

    [Theory]
    [InlineData("*3000000000\r\n", "invalid multibulk length")]
    [InlineData("*x\r\n", "invalid multibulk length")]
    [InlineData("*1\r\n+GET\r\n", "expected '$', got '+'")]
    [InlineData("*01\r\n", "invalid multibulk length")]
    [InlineData("*-0\r\n", "invalid multibulk length")]
    [InlineData("*1\r\n$+3\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$03\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$-1\r\n", "invalid bulk length")]
    [InlineData("*1\r\n$536870913\r\n", "invalid bulk length")]
    [InlineData("SET \"a\r\n", "unbalanced quotes in request")]
    public void What_is_not_the_protocol_is_refused_in_Redis_words(string text, string error)
    {
        var reader = new RespReader();
        Assert.Equal(RespParse.Fault, reader.Read(Encoding.ASCII.GetBytes(text), out _));
        Assert.Equal(error, reader.Error);
    }

    [Theory]
    [InlineData('*', "too big mbulk count string")]
    [InlineData('x', "too big inline request")]
    public void A_line_without_an_end_is_refused_at_64_KiB(char first, string error)
    {
        var bytes = new byte[RespReader.InlineBytesMax + 1];
        Array.Fill(bytes, (byte)'1');
        bytes[0] = (byte)first;
        var reader = new RespReader();
        Assert.Equal(RespParse.NeedMore, reader.Read(bytes.AsSpan(0, RespReader.InlineBytesMax), out _));
        Assert.Equal(RespParse.Fault, reader.Read(bytes, out _));
        Assert.Equal(error, reader.Error);
    }

    [Theory]
    [InlineData("*11\r\n", "unauthenticated multibulk length")]
    [InlineData("*1\r\n$16385\r\n", "unauthenticated bulk length")]
    public void Before_authentication_limits_are_tight(string text, string error)
    {
        var reader = new RespReader { IsUnauthenticated = true };
        Assert.Equal(RespParse.Fault, reader.Read(Encoding.ASCII.GetBytes(text), out _));
        Assert.Equal(error, reader.Error);
    }

    // Byte by byte, and whatever was understood is overwritten with what would be a fault: a reader that began again at the front, as it
    // would take quadratic time to do, could not find the command.
    [Fact]
    public void What_was_understood_of_an_unfinished_command_is_not_looked_at_again()
    {
        const int Arguments = 5000;
        var head = $"*{Arguments}\r\n".Length;
        var bytes = Encoding.ASCII.GetBytes($"*{Arguments}\r\n" + string.Concat(Enumerable.Repeat("$3\r\nabc\r\n", Arguments)));
        var reader = new RespReader();
        for (var n = 1; n < bytes.Length; n++)
        {
            Assert.Equal(RespParse.NeedMore, reader.Read(bytes.AsSpan(0, n), out _));
            var understood = n < head ? 0 : head + (n - head) / 9 * 9;
            bytes.AsSpan(Math.Max(0, understood - 9), Math.Min(9, understood)).Fill((byte)'!');
        }
        Assert.Equal(RespParse.Command, reader.Read(bytes, out var taken));
        Assert.Equal(bytes.Length, taken);
        Assert.Equal(Enumerable.Range(0, Arguments).Select(i => new ArgSlice(head + i * 9 + 4, 3)), reader.Slices.ToArray());
    }

    [Theory]
    [InlineData("", '\n')]
    [InlineData("*", '\r')]
    [InlineData("*1\r\n$", '\r')]
    public void An_unfinished_line_is_searched_for_its_end_once(string before, char end)
    {
        var bytes = new byte[RespReader.InlineBytesMax];
        bytes.AsSpan().Fill((byte)'1');
        Encoding.ASCII.GetBytes(before).CopyTo(bytes, 0);
        var reader = new RespReader();
        for (var n = 1; n < bytes.Length; n++)
        {
            Assert.Equal(RespParse.NeedMore, reader.Read(bytes.AsSpan(0, n), out _));
            if (n > before.Length + 5)
                bytes[n - 1] = (byte)end;
        }
    }

    [Fact]
    public void The_next_command_begins_anew_after_one_that_came_in_pieces()
    {
        var reader = new RespReader();
        Assert.Equal(RespParse.NeedMore, reader.Read("*2\r\n$3\r\nGET\r\n$1"u8, out _));
        Assert.Equal(RespParse.Command, reader.Read("*2\r\n$3\r\nGET\r\n$1\r\nk\r\n*1\r\n"u8, out var taken));
        Assert.Equal((20, 2), (taken, reader.Count));
        Assert.Equal(RespParse.NeedMore, reader.Read("*1\r\n"u8, out _));
        Assert.Equal(RespParse.Fault, reader.Read("*1\r\nx\r\n"u8, out _));
        Assert.Equal(RespParse.Command, reader.Read("PING\r\n"u8, out _));
        Assert.Equal(1, reader.Count);
    }
}
