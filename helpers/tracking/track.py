"""One track, and the tracks that a tracker keeps."""

import numpy as np

from helpers.tracking.kalman import predict, update
from helpers.tracking.life_cycle import Life
from helpers.tracking.motion import constant_velocity, to_boxes, to_states

MODEL = constant_velocity()


class Track:
    """A box that is followed from the frame on in which it was detected first.

    What is measured is (x, y, area, aspect ratio), as `to_states` gives it.
    """

    def __init__(self, track_id: int, measured: np.ndarray, life: Life) -> None:
        self.track_id = track_id
        self.life = life
        self.was_shown = False
        self.mean = np.concatenate([measured, np.zeros(3)])  # it stands still
        self.covariance = MODEL.initial_covariance

    def predict(self) -> None:
        """Move it on by a frame."""
        # An area that shrinks for long would become negative: then it no longer changes. As each
        # correction lies between prediction and detection, it stays above 0.
        if self.mean[2] + self.mean[6] <= 0:
            self.mean[6] = 0
        self.mean, self.covariance = predict(
            self.mean, self.covariance, MODEL.transition, MODEL.process_noise
        )

    def correct(self, measured: np.ndarray) -> None:
        """Take a detection into account."""
        self.mean, self.covariance = update(
            self.mean, self.covariance, measured, MODEL.observation, MODEL.measurement_noise
        )


class TrackList:
    """The tracks of a tracker, from their start to their end; SORT's life cycle.

    In each frame, first `predict`, then `correct`.
    """

    def __init__(self, max_age: int, min_hits: int) -> None:
        self.max_age = max_age
        self.min_hits = min_hits
        self.tracks: list[Track] = []
        self.num_frames = 0
        self.num_started = 0

    def are_found(self) -> np.ndarray:
        """Of which tracks a detection was found in this frame: booleans, (tracks,)."""
        return np.array([not track.life.misses for track in self.tracks], bool)

    def predict(self) -> np.ndarray:
        """Where the tracks are in the next frame: float64, (tracks, 4)."""
        self.num_frames += 1
        for track in self.tracks:
            track.predict()
        return self._boxes(self.tracks)

    def correct(self, boxes: np.ndarray, pairs: np.ndarray, starts: np.ndarray) -> None:
        """Take the frame's detections into account, start tracks, and delete tracks.

        Args:
            boxes: the detections, (n, 4).
            pairs: the index of a track and that of its detection, (pairs, 2).
            starts: the indices of the detections that start a track, (starts,).
        """
        measured = to_states(boxes)
        detection_of = dict(pairs.tolist())
        for index, track in enumerate(self.tracks):
            track.life.step(index in detection_of)
            if index in detection_of:
                track.correct(measured[detection_of[index]])
        self.tracks += [self._start(state) for state in measured[starts]]
        self.tracks = [track for track in self.tracks if track.life.state != "deleted"]

    def drop_lost_if_never_shown(self) -> None:
        """Delete the tracks that were not found in this frame and never seen in any."""
        self.tracks = [
            track for track in self.tracks if track.was_shown or not track.life.misses
        ]

    def show(self) -> tuple[np.ndarray, np.ndarray]:
        """Boxes, (n, 4), and ids, (n,), of the tracks that are to be seen in this frame."""
        # In the first frames no track can have been found often enough.
        is_early = self.num_frames <= self.min_hits
        shown = [
            track
            for track in self.tracks
            if track.life.state == "confirmed" or (is_early and track.life.state == "tentative")
        ]
        for track in shown:
            track.was_shown = True
        return self._boxes(shown), np.array([track.track_id for track in shown], np.int64)

    def _start(self, measured: np.ndarray) -> Track:
        self.num_started += 1
        return Track(self.num_started, measured, Life(self.max_age, self.min_hits))

    @staticmethod
    def _boxes(tracks: list[Track]) -> np.ndarray:
        return to_boxes(np.array([track.mean for track in tracks]).reshape(-1, 7))
