using System.Buffers;
using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>Header blocks (RFC 7541), with the examples of its appendix C.</summary>
public sealed class HpackTests
{
    private const string Example = ":authority: www.example.com";

    [Theory]
    [InlineData("400a637573746f6d2d6b65790d637573746f6d2d686561646572", "custom-key: custom-header")]
    [InlineData("040c2f73616d706c652f70617468", ":path: /sample/path")]
    [InlineData("100870617373776f726406736563726574", "password: secret")]
    [InlineData("82", ":method: GET")]
    public void Each_way_to_write_a_field(string block, string field) => Assert.Equal([field], Decode(new HpackDecoder(), block));

    [Theory]
    [InlineData("828684410f7777772e6578616d706c652e636f6d", "828684be58086e6f2d6361636865",
        "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565")]
    [InlineData("828684418cf1e3c2e5f23a6ba0ab90f4ff", "828684be5886a8eb10649cbf", "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf")]
    public void Three_requests_on_one_connection(string first, string second, string third)
    {
        var decoder = new HpackDecoder();
        Assert.Equal([":method: GET", ":scheme: http", ":path: /", Example], Decode(decoder, first));
        Assert.Equal([":method: GET", ":scheme: http", ":path: /", Example, "cache-control: no-cache"], Decode(decoder, second));
        Assert.Equal([":method: GET", ":scheme: https", ":path: /index.html", Example, "custom-key: custom-value"], Decode(decoder, third));
    }

    [Fact]
    public void Three_responses_through_a_table_that_is_too_small_for_all()
    {
        var decoder = new HpackDecoder(256);
        string[] first =
            [":status: 302", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:21 GMT", "location: https://www.example.com"];
        Assert.Equal(first, Decode(decoder,
            "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3"));
        Assert.Equal([":status: 307", .. first[1..]], Decode(decoder, "4883640effc1c0bf"));
        Assert.Equal(
            [
                ":status: 200", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:22 GMT", "location: https://www.example.com",
                "content-encoding: gzip", "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
            ],
            Decode(decoder, "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960"
                + "d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007"));
    }

    [Theory]
    [InlineData("80", "no header has the index 0")]
    [InlineData("be", "no header has the index 62")]
    [InlineData("40", "a string is missing")]
    [InlineData("4003", "a string is cut off")]
    [InlineData("ff", "a number is cut off")]
    [InlineData("ffffffffffff7f", "a number is too large")]
    [InlineData("ffffffff00", "a number is too large")]
    [InlineData("3fe21f", "a table of 4097 bytes, where 4096 were allowed")]
    [InlineData("8220", "the table's size changes within a block")]
    [InlineData("000161", "a string is missing")]
    [InlineData("0001610561", "a string is cut off")]
    [InlineData("0081fe0000", "a string is not in the Huffman code")]
    [InlineData("0084ffffffff00", "a string is not in the Huffman code")]
    [InlineData("00811e00", "a string is not in the Huffman code")]
    public void What_is_no_block_is_refused(string block, string why) =>
        Assert.Equal(why, Assert.Throws<HpackException>(() => Decode(new HpackDecoder(), block)).Message);

    [Fact]
    public void A_table_may_shrink_before_a_block_and_loses_its_oldest()
    {
        var decoder = new HpackDecoder();
        Decode(decoder, "400161016240016301644001650166");
        // Two entries of 34 bytes.
        Assert.Equal(["e: f", "c: d"], Decode(decoder, "3f25bebf"));
        Assert.Throws<HpackException>(() => Decode(decoder, "c0"));
    }

    [Fact]
    public void Every_byte_survives_the_huffman_code()
    {
        var random = new Random(7);
        for (var length = 0; length < 300; length++)
        {
            var text = new byte[length];
            random.NextBytes(text);
            var code = new byte[HuffmanCode.EncodedLength(text)];
            HuffmanCode.Encode(text, code);
            var decoded = new byte[HuffmanCode.DecodedLengthMax(code.Length)];
            Assert.Equal(length, HuffmanCode.Decode(code, decoded));
            Assert.Equal(text, decoded[..length]);
        }
    }

    [Theory]
    [InlineData(":status", "200", "88")]
    [InlineData(":status", "418", "08043431" + "38")]
    [InlineData("server", "x", "0f270178")]
    [InlineData("custom-key", "custom-value", "008825a849e95ba97d7f8925a849e95bb8e8b4bf")]
    public void Fields_are_encoded_as_short_as_the_static_table_allows(string name, string value, string block)
    {
        var to = new ArrayBufferWriter<byte>();
        HpackEncoder.Encode(to, Encoding.ASCII.GetBytes(name), Encoding.ASCII.GetBytes(value));
        var encoded = Convert.ToHexStringLower(to.WrittenSpan);
        Assert.Equal([$"{name}: {value}"], Decode(new HpackDecoder(), encoded));
        Assert.True(encoded.Length <= block.Length, encoded);
    }

    [Fact]
    public void Any_bytes_are_a_block_or_refused()
    {
        var random = new Random(11);
        var decoder = new HpackDecoder();
        var sink = new Sink();
        var block = new byte[64];
        for (var i = 0; i < 1_000_000; i++)
        {
            var bytes = block.AsSpan(0, random.Next(1, block.Length));
            random.NextBytes(bytes);
            try
            {
                decoder.Decode(bytes, sink);
            }
            catch (HpackException)
            {
                decoder = new HpackDecoder();
            }
        }
        Assert.InRange(sink.Count, 100_000, int.MaxValue);
    }

    private static string[] Decode(HpackDecoder decoder, string block)
    {
        var sink = new Sink { Fields = [] };
        decoder.Decode(Convert.FromHexString(block), sink);
        return [.. sink.Fields];
    }

    private sealed class Sink : IHeaderSink
    {
        public List<string>? Fields { get; init; }

        public int Count { get; private set; }

        public void OnHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
        {
            Count++;
            Fields?.Add($"{Encoding.Latin1.GetString(name)}: {Encoding.Latin1.GetString(value)}");
        }
    }
}
