package render

// Camera looks at a point from a distance, as MuJoCo's free camera does.
type Camera struct {
	LookAt    [3]float64 // metres
	Distance  float64    // metres, > 0
	Azimuth   float64    // degrees; 0 looks along +x, 90 along +y
	Elevation float64    // degrees; −90 looks straight down
	FovY      float64    // degrees, vertical; 0 means 45
}
