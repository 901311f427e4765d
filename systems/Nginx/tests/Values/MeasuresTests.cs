namespace Microcosm.Nginx.Tests;

public class MeasuresTests
{
    [Theory]
    [InlineData("0", 0L)]
    [InlineData("16", 16L)]
    [InlineData("1k", 1024L)]
    [InlineData("1K", 1024L)]
    [InlineData("3m", 3L << 20)]
    [InlineData("1g", null)]
    [InlineData("", null)]
    [InlineData("k", null)]
    [InlineData("-1", null)]
    [InlineData("1.5k", null)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("9223372036854775808", null)]
    [InlineData("9223372036854775807k", null)]
    public void Sizes(string text, long? bytes) => Assert.Equal(bytes, Measures.Size(text));

    [Theory]
    [InlineData("1g", 1L << 30)]
    [InlineData("1G", 1L << 30)]
    [InlineData("2m", 2L << 20)]
    public void Offsets(string text, long? bytes) => Assert.Equal(bytes, Measures.Offset(text));

    [Theory]
    [InlineData("1", 1000L)]
    [InlineData("1s", 1000L)]
    [InlineData("100ms", 100L)]
    [InlineData("1m30s", 90_000L)]
    [InlineData("1h 30m", 5_400_000L)]
    [InlineData("1d1h1m1s1ms", 90_061_001L)]
    [InlineData("1w", 604_800_000L)]
    [InlineData("1M", null)]
    [InlineData("1y", null)]
    [InlineData("30s1m", null)]
    [InlineData("1s1s", null)]
    [InlineData("1x", null)]
    [InlineData("ms", null)]
    [InlineData(" 1", 1000L)]
    [InlineData("1 s", null)]
    [InlineData("1s 1", 2000L)]
    [InlineData("", null)]
    [InlineData("5 ", 5000L)]
    [InlineData("9223372036854775807", null)]
    public void Milliseconds(string text, long? ms) => Assert.Equal(ms, Measures.Milliseconds(text));

    [Theory]
    [InlineData("1", 1L)]
    [InlineData("1y", 31_536_000L)]
    [InlineData("1y1M", 34_128_000L)]
    [InlineData("1M1y", null)]
    [InlineData("1ms", null)]
    [InlineData("2h", 7200L)]
    public void Seconds(string text, long? seconds) => Assert.Equal(seconds, Measures.Seconds(text));

    [Theory]
    [InlineData("12.5", 1250L)]
    [InlineData("12", 1200L)]
    [InlineData("0.01", 1L)]
    [InlineData("0.001", null)]
    [InlineData(".5", 50L)]
    [InlineData("1.2.3", null)]
    [InlineData("", null)]
    public void Fixed_point(string text, long? hundredths) => Assert.Equal(hundredths, Measures.FixedPoint(text, 2));
}
