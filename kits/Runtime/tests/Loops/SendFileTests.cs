using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Microcosm.Runtime.Tests;

/// <summary>Bytes of files as output, between bytes of memory: by the kernel, and read.</summary>
public sealed class SendFileTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly byte[] _content = new byte[5_000_000];
    private readonly string _folder = Directory.CreateTempSubdirectory("microcosm-").FullName;

    public SendFileTests() => new Random(1).NextBytes(_content);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_part_of_a_file_lies_between_what_was_written_before_and_after(bool hasHandle)
    {
        var file = NewFile(hasHandle);
        var received = await ServeAsync(output =>
        {
            output.Write("before"u8);
            output.AttachFile(file, 1_000, 4_000_000);
            output.Write("after"u8);
        });
        Assert.Equal([.. "before"u8, .. _content.AsSpan(1_000, 4_000_000), .. "after"u8], received);
        Assert.Equal(1, file.Released);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_is_shorter_than_announced_ends_the_connection(bool hasHandle)
    {
        var file = NewFile(hasHandle);
        var received = await ServeAsync(output => output.AttachFile(file, 4_000_000, 2_000_000));
        Assert.InRange(received.Length, 0, 1_000_000);
        Assert.Equal(1, file.Released);
    }

    [Fact]
    public void A_file_is_read_where_bytes_are_asked_for_and_released_when_dropped()
    {
        var output = new OutputBuffer();
        var (first, second) = (NewFile(false), NewFile(false));
        output.AttachFile(first, 0, 100_000);
        output.Write("tail"u8);
        output.AttachFile(second, 0, 10);
        var read = new List<byte>();
        while (read.Count < 100_004)
        {
            var front = output.Front(30_000);
            read.AddRange(front.Span);
            output.Consume(front.Length);
        }
        Assert.Equal([.. _content.AsSpan(0, 100_000), .. "tail"u8], read);
        Assert.Equal((10, 1, 0), (output.Length, first.Released, second.Released));
        output.Clear();
        Assert.Equal((0, 1), (output.Length, second.Released));
    }

    private async Task<byte[]> ServeAsync(Action<OutputBuffer> write)
    {
        if (!EventLoop.IsSupported)
            Assert.Skip("the event loop needs Linux");
        using var group = new LoopGroup(1);
        var at = (await group.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), _ => new Refusing(write)))[0].EndPoint;
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(at);
        using var received = new MemoryStream();
        try
        {
            await new NetworkStream(client).CopyToAsync(received).WaitAsync(Patience);
        }
        catch (IOException)
        {
            // A reset: what came before it counts.
        }
        return received.ToArray();
    }

    private OutputFile NewFile(bool hasHandle)
    {
        var path = Path.Combine(_folder, Path.GetRandomFileName());
        File.WriteAllBytes(path, _content);
        return new OutputFile(File.OpenHandle(path), hasHandle);
    }

    // Writes and closes.
    private sealed class Refusing(Action<OutputBuffer> write) : ISessionFactory
    {
        public Session? Accept(SessionTransport transport)
        {
            write(transport.Output);
            transport.ReleaseAll();
            return null;
        }
    }

    private sealed class OutputFile(SafeFileHandle handle, bool hasHandle) : IOutputFile
    {
        private int _released;

        public int Released => Volatile.Read(ref _released);

        public SafeFileHandle? Handle => hasHandle ? handle : null;

        public int Read(long offset, Span<byte> buffer) => RandomAccess.Read(handle, buffer, offset);

        public void Release()
        {
            Interlocked.Increment(ref _released);
            handle.Dispose();
        }
    }
}
