using Microcosm.Runtime;
using Microcosm.Testing;

namespace Microcosm.Kafka.Tests.Wire;

/// <summary>All messages in all versions.</summary>
public sealed class RoundTripTests
{
    private const int BrokenInputs = 200_000;

    [Fact]
    public void Every_message_in_every_version_is_read_as_it_was_written()
    {
        Assert.True(MessageCase.All.Length > 110, "The messages were not found.");
        var random = new RandomStream(1);
        foreach (var (message, version) in Versions())
        {
            for (var round = 0; round < 3; round++)
            {
                var bytes = message.Encode(message.Fill(random, version), version);
                Assert.Equal(bytes, message.Encode(message.Decode(bytes, version), version));
            }
        }
    }

    [Fact]
    public void An_encoding_cut_short_is_refused()
    {
        var random = new RandomStream(2);
        foreach (var (message, version) in Versions())
        {
            var bytes = message.Encode(message.Fill(random, version), version);
            for (var length = 0; length < Math.Min(bytes.Length, 400); length++)
            {
                var cut = bytes[..length];
                var refused = false;
                try
                {
                    message.Decode(cut, version);
                }
                catch (KafkaFormatException)
                {
                    refused = true;
                }
                Assert.True(refused, $"{message} {version}: {length} of {bytes.Length} bytes are read.");
            }
        }
    }

    [Fact]
    public void Broken_bytes_are_refused_or_read_and_nothing_else()
    {
        var random = new RandomStream(3);
        var good = Versions().Select(v => (v.Message, v.Version, Bytes: v.Message.Encode(v.Message.Fill(random, v.Version), v.Version)))
            .ToArray();
        var refused = 0;
        for (var i = 0; i < BrokenInputs; i++)
        {
            var (message, version, bytes) = good[i % good.Length];
            try
            {
                message.Decode(BrokenInput.Of(bytes, random, [0, 1, 2, 0x7f, 0x80, 0xff]), version);
            }
            catch (KafkaFormatException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, BrokenInputs / 10, BrokenInputs - 1);
    }

    private static IEnumerable<(MessageCase Message, short Version)> Versions() =>
        MessageCase.All.SelectMany(m => Enumerable.Range(m.Lowest, m.Highest - m.Lowest + 1).Select(v => (m, (short)v)));
}
