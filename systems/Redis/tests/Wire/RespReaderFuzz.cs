using System.Text;
using Microcosm.Runtime;
using Microcosm.Testing;

namespace Microcosm.Redis.Tests;

/// <summary>A million inputs for the reader: good requests, broken by every kind of edit, whole and cut at random places.</summary>
public sealed class RespReaderFuzz
{
    private const int Inputs = 1_000_000;

    private static readonly byte[][] Words =
    [
        "GET"u8.ToArray(), "SET"u8.ToArray(), "k"u8.ToArray(), [], "a b"u8.ToArray(),
        "\r\n"u8.ToArray(), "*1\r\n$4\r\nPING\r\n"u8.ToArray(),
        "$-1"u8.ToArray(), [0, 255, 128], "12345678901"u8.ToArray(),
    ];

    private readonly RandomStream _random = new Seed(20261123).Stream("fuzz");
    private RespReader _reader = new();
    private readonly long[] _outcomes = new long[4];

    // The reader never throws, never takes more than there is, never points outside; and what it finds does not depend on how the bytes
    // were cut on their way.
    [Fact]
    public void A_million_broken_inputs_do_no_harm_and_read_the_same_in_pieces()
    {
        for (var i = 0; i < Inputs; i++)
        {
            var isUnauthenticated = _random.Chance(0.1);
            var input = BrokenInput.Of(Good(), _random, "*$\r\n0123456789-\"' "u8);
            var whole = Transcript(input, isUnauthenticated, cuts: 0);
            var pieces = Transcript(input, isUnauthenticated, cuts: _random.Next(1, 5));
            Assert.True(whole == pieces, $"input {i}: {Convert.ToHexString(input)}\nwhole:  {whole}\npieces: {pieces}");
        }
        // Each outcome came often: the inputs are neither all good nor all hopeless.
        Assert.All(_outcomes, count => Assert.InRange(count, Inputs / 20, long.MaxValue));
    }

    private List<byte> Good()
    {
        var bytes = new List<byte>(128);
        for (var commands = _random.Next(1, 4); commands > 0; commands--)
        {
            var count = _random.Next(0, 4);
            var isInline = _random.Chance(0.3);
            if (!isInline)
                bytes.AddRange(Encoding.ASCII.GetBytes($"*{count}\r\n"));
            for (var i = 0; i < count; i++)
            {
                var word = Words[_random.Next(Words.Length)];
                if (isInline)
                    bytes.AddRange([.. i > 0 ? " "u8 : ""u8, .. i == 1 ? "\"x\\x41\\n\""u8 : i == 2 ? "'y\\'z'"u8 : "ECHO"u8]);
                else
                    bytes.AddRange([.. Encoding.ASCII.GetBytes($"${word.Length}\r\n"), .. word, .. "\r\n"u8]);
            }
            if (isInline)
                bytes.AddRange("\r\n"u8);
        }
        return bytes;
    }

    // What is found, in words; the input arrives in so many pieces, and what is left over is shown again with the next.
    private string Transcript(byte[] input, bool isUnauthenticated, int cuts)
    {
        _reader = new RespReader { IsUnauthenticated = isUnauthenticated };
        var ends = new int[cuts + 1];
        for (var i = 0; i < cuts; i++)
            ends[i] = _random.Next(input.Length + 1);
        ends[cuts] = input.Length;
        Array.Sort(ends);
        var text = new StringBuilder();
        var at = 0;
        foreach (var end in ends)
        {
            while (true)
            {
                var found = _reader.Read(input.AsSpan(at, end - at), out var taken);
                if (cuts == 0)
                    _outcomes[(int)found]++;
                if (found == RespParse.NeedMore)
                    break;
                if (found == RespParse.Fault)
                    return text.Append(at).Append(':').Append(_reader.Error).ToString();
                Assert.InRange(taken, 1, end - at);
                Describe(text, input.AsSpan(at, taken));
                at += taken;
            }
        }
        return text.Append(at).ToString();
    }

    private void Describe(StringBuilder text, ReadOnlySpan<byte> request)
    {
        var source = _reader.Decoded ?? request;
        text.Append('[');
        foreach (var slice in _reader.Slices)
        {
            Assert.True(slice.Start >= 0 && slice.Length >= 0 && slice.Start + slice.Length <= source.Length);
            text.Append(Encoding.Latin1.GetString(source.Slice(slice.Start, slice.Length))).Append('|');
        }
        text.Append(']');
    }
}
