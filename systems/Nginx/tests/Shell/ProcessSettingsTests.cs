namespace Microcosm.Nginx.Tests;

/// <summary>On which processors a worker runs.</summary>
public sealed class ProcessSettingsTests
{
    [Theory]
    [InlineData("", 0, null)]
    [InlineData("0001 0010", 0, 1)]
    [InlineData("0001 0010", 1, 2)]
    [InlineData("0001 0010", 5, 2)]
    [InlineData("0101", 3, 5)]
    [InlineData("auto", 0, 1)]
    [InlineData("auto", 3, 8)]
    [InlineData("auto", 4, 1)]
    [InlineData("auto 1010", 0, 2)]
    [InlineData("auto 1010", 1, 8)]
    [InlineData("auto 1010", 2, 2)]
    [InlineData("auto 0000", 0, null)]
    public void Masks_name_processors_from_the_right(string words, int worker, int? bits)
    {
        var mask = ProcessSettings.ProcessorsOf(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), worker, 4);
        Assert.Equal(bits, mask is null ? null : BitConverter.ToInt32(mask));
    }
}
