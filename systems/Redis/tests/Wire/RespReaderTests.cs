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
}
