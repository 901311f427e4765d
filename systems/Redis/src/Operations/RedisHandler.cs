namespace Microcosm.Redis;

/// <summary>Carries out one command: reads arguments from the call, changes the database, writes exactly one reply or blocks.</summary>
internal delegate void RedisHandler(ref RedisCall call);
