using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>The chunked coding.</summary>
public sealed class ChunkTests
{
    [Theory]
    [InlineData("0\r\n\r\n", "")]
    [InlineData("3\r\nabc\r\n0\r\n\r\n", "abc")]
    [InlineData("3\r\nabc\r\n2\r\nde\r\n000\r\n\r\n", "abcde")]
    [InlineData("00A\r\n0123456789\r\n0;last\r\n\r\n", "0123456789")]
    [InlineData("3;x=\"y\"\r\nabc\r\n0\r\nA: b\r\nC: d\r\n\r\n", "abc")]
    [InlineData("3 \t;x\r\nabc\r\n0 \r\n\r\n", "abc")]
    [InlineData("a\r\n\r\n\r\n\r\n\r\n12\r\n0\r\n\r\n", "\r\n\r\n\r\n\r\n12")]
    public void A_body_is_its_chunks_at_every_split(string coded, string body)
    {
        for (var split = 0; split <= coded.Length; split++)
        {
            Assert.Equal((BodyResult.Done, body), Decode(coded[..split], coded));
            if (split < coded.Length)
                Assert.Equal(BodyResult.NeedMore, Decode(coded[..split]).Result);
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("\r\n")]
    [InlineData(";x\r\n")]
    [InlineData("3\nabc")]
    [InlineData("3;x\nabc")]
    [InlineData("3\rabc")]
    [InlineData("3\r\nabcd")]
    [InlineData("3\r\nabc\n")]
    [InlineData("3\r\nabc\rx")]
    [InlineData("0\n")]
    [InlineData("0;x\n")]
    [InlineData("0\r\n\n")]
    [InlineData("0\r\nA: b\n")]
    [InlineData("-1\r\n")]
    [InlineData("0x3\r\n")]
    [InlineData("8000000000000000\r\n")]
    [InlineData("ffffffffffffffff\r\n")]
    [InlineData("7fffffffffffffff\r\n")]
    [InlineData("10000000000000003\r\nabc")]
    public void What_is_not_chunked_is_known_at_its_first_wrong_byte(string coded) =>
        Assert.Equal(BodyResult.Invalid, Decode(coded).Result);

    [Fact]
    public void The_largest_size_is_a_size()
    {
        Assert.Equal((BodyResult.NeedMore, "abc"), Decode("7ffffffffffffff6\r\nabc"));
    }

    // Shows each part from where the last one was left.
    private static (BodyResult Result, string Body) Decode(params string[] parts)
    {
        var reader = BodyReader.Chunked(HeadLimits.Default, refusesBareLf: true);
        var trailers = new HeaderList();
        var body = new StringBuilder();
        var (taken, result) = (0, BodyResult.NeedMore);
        foreach (var part in parts)
        {
            ReadOnlySpan<byte> input = Encoding.Latin1.GetBytes(part)[taken..];
            do
            {
                result = reader.Next(ref input, trailers, out var data);
                body.Append(Encoding.Latin1.GetString(data));
            }
            while (result == BodyResult.Data);
            taken = part.Length - input.Length;
        }
        return (result, body.ToString());
    }
}
