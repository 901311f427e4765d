using System.Globalization;
using System.Text;

namespace Microcosm.Nginx;

/// <summary>What stub_status tells. Shared by the workers.</summary>
internal sealed class Counters
{
    private long _accepted;
    private long _open;
    private long _requests;
    private long _reading;
    private long _writing;

    public long Accepted => Interlocked.Read(ref _accepted);

    public long Requests => Interlocked.Read(ref _requests);

    public long Active => Interlocked.Read(ref _open);

    /// <summary>Connections of which a part of a request's head has come.</summary>
    public long Reading => Interlocked.Read(ref _reading);

    public long Writing => Interlocked.Read(ref _writing);

    public long Waiting => Math.Max(0, Active - Writing - Reading);

    public void Opened()
    {
        Interlocked.Increment(ref _accepted);
        Interlocked.Increment(ref _open);
    }

    public void Closed() => Interlocked.Decrement(ref _open);

    public void Reads(bool isReading) => Interlocked.Add(ref _reading, isReading ? 1 : -1);

    public void Began()
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Increment(ref _writing);
    }

    public void Ended() => Interlocked.Decrement(ref _writing);

    public byte[] Describe() => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $"Active connections: {Active} \nserver accepts handled requests\n {_accepted} {_accepted} {_requests} \n")
        + string.Create(CultureInfo.InvariantCulture, $"Reading: {Reading} Writing: {Writing} Waiting: {Waiting} \n"));
}
