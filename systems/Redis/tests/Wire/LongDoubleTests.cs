using System.Text;

namespace Microcosm.Redis.Tests;

public class LongDoubleTests
{
    // Replies of HINCRBYFLOAT on Redis 7.0.15 (x86-64).
    [Theory]
    [InlineData("0", "10.5", "10.5")]
    [InlineData("10.5", "0.1", "10.6")]
    [InlineData("76867958985287094", "0.1", "76867958985287094.1015625")]
    [InlineData("302988252", "0.1", "302988252.10000000000582077")]
    [InlineData("9223372036854775807", "0.1", "9223372036854775807")]
    [InlineData("3", "1.000000000000000005", "4.00000000000000001")]
    [InlineData("1", "-1", "0")]
    [InlineData("0.000000000000000001", "-0.000000000000000002", "0")]
    [InlineData("5.0e3", "200", "5200")]
    [InlineData("-1.23", "0.0001", "-1.2299")]
    public void Sums_are_those_of_real_Redis(string a, string b, string sum)
    {
        Assert.True(LongDouble.TryParse(Encoding.ASCII.GetBytes(a), out var first));
        Assert.True(LongDouble.TryParse(Encoding.ASCII.GetBytes(b), out var second));
        Assert.True(LongDouble.TryAdd(first, second, out var result));
        Assert.Equal(sum, result.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1x")]
    [InlineData("nan")]
    [InlineData("1e5000")]
    public void What_is_no_number_is_refused(string text) => Assert.False(LongDouble.TryParse(Encoding.ASCII.GetBytes(text), out _));
}
