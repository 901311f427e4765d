using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>All commands of the assembly; the generator fills it.</summary>
[OperationTable("redis", typeof(RedisCommandAttribute), typeof(RedisHandler))]
internal static partial class RedisCommands;
