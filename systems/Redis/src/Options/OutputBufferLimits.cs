using System.Globalization;

namespace Microcosm.Redis;

/// <summary>How much unsent output a client may have before it is closed (<c>client-output-buffer-limit</c>), by class of client.</summary>
public sealed record OutputBufferLimits(OutputBufferLimit Normal, OutputBufferLimit Replica, OutputBufferLimit PubSub)
{
    /// <summary>Redis' defaults: normal clients unlimited, replicas 256 MiB, subscribers 32 MiB.</summary>
    public static OutputBufferLimits Default { get; } = new(
        new OutputBufferLimit(0, 0, 0),
        new OutputBufferLimit(256L * 1024 * 1024, 64L * 1024 * 1024, 60),
        new OutputBufferLimit(32L * 1024 * 1024, 8L * 1024 * 1024, 60));

    /// <inheritdoc/>
    public override string ToString() => $"normal {Normal} slave {Replica} pubsub {PubSub}";

    internal static OutputBufferLimits? Parse(string text, OutputBufferLimits current)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || words.Length % 4 != 0)
            return null;
        for (var i = 0; i < words.Length; i += 4)
        {
            if (!OptionText.TryMemory(words[i + 1], out var hard) || !OptionText.TryMemory(words[i + 2], out var soft)
                || !int.TryParse(words[i + 3], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
                return null;
            var limit = new OutputBufferLimit(hard, soft, seconds);
            switch (words[i].ToLowerInvariant())
            {
                case "normal":
                    current = current with { Normal = limit };
                    break;
                case "slave" or "replica":
                    current = current with { Replica = limit };
                    break;
                case "pubsub":
                    current = current with { PubSub = limit };
                    break;
                default:
                    return null;
            }
        }
        return current;
    }
}
