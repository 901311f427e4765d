using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// Files of certificates that variables name (ssl_certificate_cache): kept until they are out of date, unused for long, or driven out by
/// others. Thread-safe. A file that has become another one is read again together with its companion: a key of other days fits no
/// certificate.
/// </summary>
internal sealed class CertificateCache(OpenFileCache limits, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _byName = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();

    /// <summary>Gives the file of a name; <paramref name="read"/> reads it.</summary>
    private TlsFile Get(string name, Func<string, TlsFile> read, bool isFresh)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow().ToUnixTimeSeconds();
            Expire(now);
            if (_byName.TryGetValue(name, out var node))
            {
                _byUse.Remove(node);
                if (isFresh || now - node.Value.CreatedSeconds > limits.ValidSeconds)
                {
                    _byName.Remove(name);
                    var changed = read(name);
                    if (IsEncrypted(changed))
                        return changed;
                    node = new LinkedListNode<Entry>(new Entry(name, changed, now));
                    _byName.Add(name, node);
                }
                node.Value.UsedSeconds = now;
                _byUse.AddFirst(node);
                return node.Value.File;
            }
            var file = read(name);
            if (IsEncrypted(file))
                return file;
            while (_byName.Count >= limits.Max)
                Remove(_byUse.Last!);
            _byName.Add(name, _byUse.AddFirst(new Entry(name, file, now)));
            return file;
        }
    }

    /// <summary>A certificate with its key. What a pass phrase guards is not kept, nor what belongs to it.</summary>
    public (TlsFile Chain, TlsFile Key) GetPair(string chain, string key, CertificateFiles files, bool isFresh)
    {
        var keyFile = Get(key, files.Key, isFresh);
        if (!IsEncrypted(keyFile))
            return (Get(chain, files.Certificate, isFresh), keyFile);
        lock (_gate)
        {
            if (_byName.TryGetValue(chain, out var node))
                Remove(node);
        }
        return (files.Certificate(chain), keyFile);
    }

    // What a pass phrase guards is not kept for whoever has none.
    private static bool IsEncrypted(TlsFile file) => file.Bytes.Span.IndexOf("ENCRYPTED"u8) >= 0;

    private void Expire(long now)
    {
        while (_byUse.Last is { } oldest && now - oldest.Value.UsedSeconds > limits.InactiveSeconds)
            Remove(oldest);
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _byName.Remove(node.Value.Name);
    }

    private sealed record Entry(string Name, TlsFile File, long CreatedSeconds)
    {
        public long UsedSeconds { get; set; } = CreatedSeconds;
    }
}
