using System.Text;
using Microcosm.Runtime;

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

    // Mutations of good requests, random bytes, cuts: the reader never throws, never takes more than there is, never points outside.
    [Fact]
    public void A_million_broken_inputs_do_no_harm()
    {
        var random = new Seed(20261123).Stream("fuzz");
        var good = Encoding.ASCII.GetBytes("*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\nvalue\r\nGET \"a b\" 'c'\r\n*1\r\n$4\r\nPING\r\n");
        var reader = new RespReader();
        var outcomes = new long[4];
        for (var i = 0; i < 1_000_000; i++)
        {
            var input = good.AsSpan(0, random.Next(1, good.Length + 1)).ToArray();
            for (var flips = random.Next(5); flips > 0; flips--)
                input[random.Next(input.Length)] = random.Chance(0.5) ? (byte)random.Next(256)
                    : (byte)"*$\r\n0123456789-\"' "[random.Next(18)];
            for (var at = 0; at < input.Length;)
            {
                var found = reader.Read(input.AsSpan(at), out var taken);
                outcomes[(int)found]++;
                if (found is RespParse.NeedMore or RespParse.Fault)
                    break;
                Assert.InRange(taken, 1, input.Length - at);
                var length = reader.Decoded?.Length ?? taken;
                foreach (var slice in reader.Slices)
                    Assert.True(slice.Start >= 0 && slice.Length >= 0 && slice.Start + slice.Length <= length);
                at += taken;
            }
        }
        Assert.All(outcomes, count => Assert.NotEqual(0, count));
    }
}
