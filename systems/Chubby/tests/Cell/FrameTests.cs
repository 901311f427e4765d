using System.Buffers.Binary;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Cell.Tests;

/// <summary>What is no frame ends the connection; the cell serves on.</summary>
public sealed class FrameTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(27)]
    [InlineData(CellLimits.FrameBytesMax + 1)]
    [Trait("Limit", "FrameBytesMax")]
    public void A_frame_of_a_wrong_length_ends_the_connection(int length) => CellScenario.Run(async cell =>
    {
        var transport = await cell.ConnectAsync("raw", 1, CancellationToken.None);
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        await transport.Pipe.Output.WriteAsync(bytes);
        var read = await transport.Pipe.Input.ReadAsync();
        Assert.True(read.IsCompleted && read.Buffer.IsEmpty);
        Assert.Equal(Client.SessionState.Safe, (await cell.ClientAsync("a")).State);
    }, replicas: 1);

    [Fact]
    public void Broken_fields_are_refused_and_change_nothing() => CellScenario.Run(async cell =>
    {
        await cell.MasterAsync();
        var link = await cell.LinkAsync("raw");
        var opened = (await link.CallAsync(CallNumber.OpenSession, 0, 0, []))!;
        var session = new JuteReader(opened.Fields).Long();
        var random = new Seed(7).Stream("fuzz");
        for (var i = 0; i < 5_000; i++)
        {
            var fields = new byte[random.Next(60)];
            random.NextBytes(fields);
            var number = 4 + random.Next(17);
            // Whatever it says is waited for: an Acquire of no handle is refused too.
            var reply = await link.CallAsync(number, session, opened.Epoch, fields);
            Assert.NotNull(reply);
            Assert.True(reply.Error != Client.ChubbyError.Ok, $"call {number} with {Convert.ToHexString(fields)} was carried out");
        }
        Assert.Equal(Client.SessionState.Safe, (await cell.ClientAsync("a")).State);
    }, replicas: 1);
}
